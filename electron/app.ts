/** The composition root: one readable list of constructions, the same behind every door. */
import type { Platform } from './platform.ts'

export async function createApp(platform: Platform): Promise<unknown> {
  return platform
}
