/** Waits until the lake holds the run, and compares its lines with what Kafka acknowledged: each offset in exactly one. */
import { pause } from '../../lib/broadcast.ts'
import type { JournalScan } from '../journal/scan.ts'
import type { WorkerInit } from '../protocol.ts'
import { createCursor } from './cursor.ts'
import { lakeFiles, lakeLines, lakeNext } from './lakeLines.ts'
import { matchPlace } from './match.ts'
import type { VerifyProgress } from './progress.ts'
import { addProofs, noPlace, noProof, type Proof, sortedOf, unansweredBy } from './proof.ts'
import { counted, type KafkaProof, offsetAt } from './proveKafka.ts'

type Init = Extract<WorkerInit, { mode: 'verify' }>

/** How often the lake is looked at, ms. */
const lookMs = 250
/** The lake is given up when nothing moves for so long, ms, and for longer than its own rotation takes. */
const leastIdleMs = 15_000

interface Wanted {
  readonly topic: string
  readonly partition: number
  readonly place: number
  readonly first: bigint
  /** The last offset of the run, as acknowledged or as found in Kafka. */
  readonly last: bigint
}

/** Throws the signal's reason once it is aborted. */
export async function proveLake(
  dir: string,
  init: Init,
  scan: JournalScan,
  reached: KafkaProof['reached'],
  progress: VerifyProgress,
  signal: AbortSignal,
): Promise<Proof> {
  const wanted = wantedOf(init, scan, reached)
  await waitFor(dir, wanted, Math.max(leastIdleMs, 2 * (init.targets.lakeRotateMs ?? 0)), progress, signal)
  const unanswered = unansweredBy(scan, 'kafka', init.targets.topics)
  const cursor = await createCursor(sortedOf(scan, 'kafka'))
  let proof = noProof
  try {
    for (const { topic, partition, place, first, last } of wanted) {
      progress.say(`Reading the lake’s ${topic} back, partition ${partition}`)
      const files = await lakeFiles(dir, topic, partition)
      const bound = offsetAt(init.next?.start ?? null, topic, partition)
      const count = await matchPlace(
        cursor,
        place,
        counted(lakeLines(files, first, last, signal), progress),
        unanswered.get(topic) ?? new Map<number, number>(),
        ({ key }) => bound === null || key < bound,
      )
      proof = addProofs(proof, count)
    }
    return proof
  } finally {
    await cursor.close()
  }
}

/** Places with acknowledged positions first, in their order; then partitions that only hold what nobody acknowledged. */
function wantedOf(init: Init, scan: JournalScan, reached: KafkaProof['reached']): Wanted[] {
  const left = new Map(reached.map((at) => [`${at.topic}/${at.partition}`, at]))
  const places = scan.places.filter(({ to }) => to === 'kafka')
  const acked = places.map(({ id, name, partition, first, last }) => {
    const key = `${name}/${partition}`
    const found = left.get(key)?.last ?? last
    left.delete(key)
    const begun = offsetAt(init.start, name, partition) ?? first
    return {
      topic: name,
      partition,
      place: id,
      first: begun < first ? begun : first,
      last: found > last ? found : last,
    }
  })
  const others = [...left.values()].map(({ topic, partition, last }) => ({
    topic,
    partition,
    place: noPlace,
    first: offsetAt(init.start, topic, partition) ?? last,
    last,
  }))
  return [...acked, ...others]
}

/** Resolves when the lake has passed every last offset, or when nothing has moved for `idleMs`. */
async function waitFor(
  dir: string,
  wanted: readonly Wanted[],
  idleMs: number,
  progress: VerifyProgress,
  signal: AbortSignal,
): Promise<void> {
  let movedAt = performance.now()
  let before = ''
  for (;;) {
    const nexts = await Promise.all(wanted.map(({ topic, partition }) => lakeNext(dir, topic, partition)))
    const behind = wanted.filter(({ last }, i) => (nexts[i] ?? 0n) <= last).length
    if (behind === 0) return
    const now = nexts.join()
    if (now !== before) movedAt = performance.now()
    if (performance.now() - movedAt > idleMs) return
    before = now
    progress.say(`Waiting for the lake, ${behind} of ${wanted.length} partitions behind`, true)
    await pause(lookMs, signal)
    signal.throwIfAborted()
  }
}
