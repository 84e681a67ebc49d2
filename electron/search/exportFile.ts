/** Writes what matches into a file while it is read: nothing gathers in memory, and a stop leaves a whole last line. */
import { open, rename } from 'node:fs/promises'
import type { Export, ExportInput } from '../../shared/contract/transfer.ts'
import { toErrorDetail } from '../../shared/errors.ts'
import type { KafkaClient } from '../clients/kafka/types.ts'
import { csvHead, csvLines, ndjsonLine } from './exportLine.ts'
import { matcher } from './matcher.ts'
import { rangesOf } from './ranges.ts'
import { scanForward } from './scan.ts'

export type ExportProgress = Omit<Export, 'id' | 'topic' | 'startedAt' | 'file'>

const tellEveryMs = 200

/**
 * Writes to `<file>.part` and renames it at the end, also when the signal ends it before. Each time it waits for the disk,
 * so that reading goes no faster than writing. Never throws: a failure is its last progress.
 */
export async function exportTo(
  kafka: KafkaClient,
  input: Omit<ExportInput, 'pipeline'>,
  file: string,
  signal: AbortSignal,
  tell: (progress: ExportProgress) => void,
): Promise<void> {
  const count = { written: 0, bytes: 0, total: 0, passed: 0, scanned: 0, misfits: 0 }
  const say = (state: Export['state'], problem: Export['problem'] = null) =>
    tell({ ...count, state, problem })
  try {
    const ranges = await rangesOf(kafka, input)
    const matches = matcher(input.filter, { from: input.fromTime, to: input.toTime })
    count.total = ranges.reduce((sum, { from, until }) => sum + Number(until - from), 0)
    const handle = await open(`${file}.part`, 'wx', 0o600)
    try {
      const write = async (text: string) => {
        if (text === '') return
        const bytes = Buffer.from(text)
        await handle.writeFile(bytes)
        count.bytes += bytes.length
      }
      if (input.format === 'csv') await write(csvHead)
      let told = 0
      const { mayBeIn } = matches
      const wants = (record: Parameters<typeof matches.wants>[0], possible: boolean) =>
        possible && matches.inTime(record) && matches.wants(record)
      for await (const step of scanForward({ kafka, topic: input.topic, ranges, wants, mayBeIn, signal })) {
        await write(input.format === 'csv' ? csvLines(step.wanted) : step.wanted.map(ndjsonLine).join(''))
        count.written += step.wanted.length
        count.scanned += step.scanned
        count.passed += step.passed
        count.misfits = matches.misfits()
        if (Date.now() - told >= tellEveryMs) {
          told = Date.now()
          say('running')
        }
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(`${file}.part`, file)
    say(signal.aborted ? 'stopped' : 'done')
  } catch (thrown) {
    say('failed', toErrorDetail(thrown))
  }
}
