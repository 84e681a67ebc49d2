/** Runs of the emulator's own pump over records of one size, as fast as the sinks take them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createJournalWriter } from '../../electron/emulator/journal/writer.ts'
import { startPump } from '../../electron/emulator/pump/pump.ts'
import type { PumpSnapshot } from '../../electron/emulator/pump/snapshot.ts'
import { createSinks } from '../../electron/emulator/sinks/create.ts'
import { builtinSource } from '../../electron/emulator/sources/builtin.ts'
import type { Targets } from '../../electron/emulator/targets.ts'
import type { Row, Source, SourcePost } from '../../electron/emulator/types.ts'
import { type EmulationInput, emulationOptionsSchema } from '../../shared/emulation.ts'
import { kinds } from '../../shared/names.ts'

/** Rows of the built-in dataset that are made before the clock runs. */
const rows = 500
export const recordBytes = 1_024

/** The built-in pins, their descriptions filled up until each record's JSON has `recordBytes`; all three kinds alike. */
export async function evenSource(): Promise<Source> {
  const builtin = builtinSource(100)
  const signal = new AbortController().signal
  const posts: SourcePost[] = []
  for (let index = 0; index < rows; index += 1) {
    const { pin } = (await builtin.read(index, signal)).rows
    const missing = recordBytes - Buffer.byteLength(JSON.stringify(pin))
    if (missing < 0) throw new Error(`Row ${index} is longer than ${recordBytes} bytes`)
    const filled: Row = {
      ...pin,
      description: `${pin.description}${' filled'.repeat(150).slice(0, missing)}`,
    }
    posts.push({ index, rows: { pin: filled, geo: filled, user: filled } })
  }
  return {
    size: rows,
    read: async (index) => posts[index] as SourcePost,
    close: async () => undefined,
  }
}

/** Targets of which only these are known. All kinds go to one topic and one stream. */
export function targetsOf(known: Partial<Targets>, name: string): Targets {
  const same = { pin: name, geo: name, user: name }
  return {
    kafkaBootstrap: null,
    gatewayUrl: null,
    kinesisEndpoint: null,
    region: 'us-east-1',
    lakeDir: null,
    topics: same,
    streams: same,
    ...known,
  }
}

export interface Ran {
  readonly snapshot: PumpSnapshot
  /** Acknowledged records a second over the run's whole time. */
  readonly perSecond: number
  /** The last look while posts were still handed out: without what came in while the run ended. */
  readonly running: { readonly ms: number; readonly acknowledged: number }
}

const lookEveryMs = 100

/** Throws where a record failed: a figure with failures in it is none. */
export async function runLoad(source: Source, targets: Targets, input: EmulationInput): Promise<Ran> {
  const options = emulationOptionsSchema.parse({ rate: { kind: 'max' }, ...input })
  const folder = await mkdtemp(join(tmpdir(), 'bench-run-'))
  const sinks = createSinks({ options, targets, network: {}, folder })
  const journal = createJournalWriter(join(folder, 'journal'))
  try {
    const { signal } = new AbortController()
    const pump = startPump({ options, source, sinks, journal, signal })
    let running = { ms: 0, acknowledged: 0 }
    const look = setInterval(() => {
      const { activeMs: ms, counters, state } = pump.snapshot()
      if (state === 'running') running = { ms, acknowledged: counters.acknowledged }
    }, lookEveryMs)
    await pump.ended
    clearInterval(look)
    const snapshot = pump.snapshot()
    const { sent, acknowledged } = snapshot.counters
    if (snapshot.problem !== null || sent !== acknowledged || sent === 0) {
      const [first] = snapshot.errors
      throw new Error(`${acknowledged} of ${sent}: ${snapshot.problem?.message ?? first?.example}`)
    }
    return { snapshot, perSecond: (acknowledged * 1_000) / snapshot.activeMs, running }
  } finally {
    journal.close()
    for (const sink of sinks) await sink.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Posts that make at least so many records. */
export const postsFor = (records: number) => Math.ceil(records / kinds.length)
