/** Settings of a run under a name: those that come with the app, and the shape of a person's own. */
import { z } from 'zod'
import { type EmulationInput, emulationOptionsSchema } from './emulation.ts'
import { bursts, day, ramp } from './rateCurve.ts'

export const presetSchema = z.object({
  name: z.string().trim().min(1, 'Enter a name.').max(80, 'A name has at most 80 characters.'),
  options: emulationOptionsSchema,
})
export type Preset = z.infer<typeof presetSchema>

const curve = ({ points, repeat }: ReturnType<typeof ramp>) => ({
  kind: 'curve' as const,
  points: [...points],
  repeat,
})

const made: readonly { readonly name: string; readonly options: EmulationInput }[] = [
  { name: 'As the original', options: { posts: 500 } },
  {
    name: 'Steady 100 a second',
    options: { rate: { kind: 'constant', postsPerSecond: 100 }, batch: 20, forMs: 300_000 },
  },
  {
    name: 'Rush: bursts of 500',
    options: { rate: curve(bursts(20, 500, 5_000, 30_000)), batch: 50, forMs: 300_000 },
  },
  { name: 'A day in ten minutes', options: { rate: curve(day(300, 600_000)), batch: 50, forMs: 600_000 } },
  {
    name: 'Find the limit',
    options: {
      rate: curve(ramp(50, 3_000, 300_000)),
      batch: 200,
      inFlight: 8,
      forMs: 300_000,
      throttledForMs: 30_000,
    },
  },
]

/** Those that come with the app; a name of theirs cannot be taken. */
export const builtinPresets: readonly Preset[] = made.map(({ name, options }) => ({
  name,
  options: emulationOptionsSchema.parse(options),
}))
