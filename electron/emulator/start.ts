/** A look at the targets before the first record goes out: where the report will read from, and what to warn about. */
import type { EmulationOptions } from '../../shared/emulation.ts'
import type { StartPositions } from './protocol.ts'
import type { Targets } from './targets.ts'
import { staticWarnings } from './warnings.ts'

export interface Inspection {
  readonly start: StartPositions
  readonly warnings: readonly string[]
}

export async function inspectTargets(input: {
  readonly options: EmulationOptions
  readonly targets: Targets
}): Promise<Inspection> {
  return { start: { kafka: [] }, warnings: staticWarnings(input.options) }
}
