/** Remembers where the window was, and never opens it where no screen is. */
import { readFileSync } from 'node:fs'
import type { Rectangle } from 'electron'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'

export const smallest = { width: 900, height: 600 } as const
const first = { width: 1280, height: 820 } as const

const stateSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(smallest.width),
  height: z.int().min(smallest.height),
  maximized: z.boolean(),
})
export type WindowState = z.infer<typeof stateSchema>

export interface Placement {
  readonly bounds: Partial<Rectangle> & { readonly width: number; readonly height: number }
  readonly maximized: boolean
}

/** Where to open: the remembered place if a good part of it is on a screen, else the first size, centred by the system. */
export function placement(remembered: unknown, screens: readonly Rectangle[]): Placement {
  const parsed = stateSchema.safeParse(remembered)
  if (!parsed.success) return { bounds: first, maximized: false }
  const { maximized, ...bounds } = parsed.data
  const visible = screens.some((screen) => {
    const width = Math.min(bounds.x + bounds.width, screen.x + screen.width) - Math.max(bounds.x, screen.x)
    const height = Math.min(bounds.y + bounds.height, screen.y + screen.height) - Math.max(bounds.y, screen.y)
    return width >= 200 && height >= 100
  })
  return visible ? { bounds, maximized } : { bounds: first, maximized }
}

/** The remembered state, or null; it is a comfort, so an unreadable file is simply the first size again. */
export function readWindowState(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

export async function saveWindowState(file: string, state: WindowState): Promise<void> {
  await writeFileAtomic(file, JSON.stringify(state), { mode: 0o600 })
}
