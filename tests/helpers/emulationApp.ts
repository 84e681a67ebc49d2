/**
 * An app with nothing but an emulation, to be killed: `node emulationApp.ts <json>`; prints the run's id, then progress.
 * With a `runId` it goes on with that run.
 */
import type { Targets } from '../../electron/emulator/targets.ts'
import type { EmulationInput } from '../../shared/emulation.ts'
import { openEmulations, pipeline } from './emulation.ts'

interface Input {
  readonly home: string
  readonly entries: string
  readonly targets: Targets
  readonly options: EmulationInput
  readonly runId?: string
}

const { home, entries, targets, options, runId: known } = JSON.parse(process.argv[2] ?? '{}') as Input
const { client } = await openEmulations(entries, targets, { home })
const { runId } =
  known === undefined
    ? await client.start({ pipeline, options })
    : await client.continue({ pipeline, runId: known })
process.stdout.write(`${runId}\n`)
for await (const { counters } of await client.watch({ pipeline, runId })) {
  process.stdout.write(`${counters.acknowledged}\n`)
}
