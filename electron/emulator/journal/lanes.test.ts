import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kinds } from '../../../shared/names.ts'
import { outgoing } from '../pump/record.ts'
import { createLanes } from './lanes.ts'
import { openResumePoint } from './resume.ts'
import { scanJournal } from './scan.ts'
import { createJournalWriter } from './writer.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanes-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const signal = new AbortController().signal

describe('the posts of a lane', () => {
  it('repeats what nobody answered, in order, before it goes on', () => {
    const lanes = createLanes()
    lanes.begin()
    expect(lanes.sent('rest', 'pin', [10, 11, 12, 13])).toBe(4)
    lanes.settled('rest', 'pin', 12)
    lanes.begin()
    expect(lanes.point('rest', 'pin')).toEqual({ next: 4, again: [0, 1, 3] })
    // Two of three are sent again and one is answered, then it is interrupted once more.
    expect(lanes.sent('rest', 'pin', [10, 11])).toBe(0)
    lanes.settled('rest', 'pin', 10)
    lanes.begin()
    expect(lanes.point('rest', 'pin')).toEqual({ next: 4, again: [1, 3] })
    expect(lanes.sent('rest', 'pin', [11, 13, 14])).toBe(1)
    for (const checksum of [14, 11, 13]) lanes.settled('rest', 'pin', checksum)
    expect(lanes.point('rest', 'pin')).toEqual({ next: 5, again: [] })
  })

  it('settles the earlier of two posts with the same content', () => {
    const lanes = createLanes()
    lanes.sent('rest', 'pin', [7, 8, 7])
    lanes.settled('rest', 'pin', 7)
    expect(lanes.point('rest', 'pin').again).toEqual([1, 2])
  })
})

/** A small generator of repeatable numbers below `n`. */
function numbers(seed: number) {
  let state = seed
  return (n: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % n
  }
}

describe('a journal cut at any byte, again and again', () => {
  it('leaves no gap: every record is settled, or goes out again, or comes later', async () => {
    for (let seed = 1; seed <= 25; seed++) {
      const random = numbers(seed)
      const path = join(folder, `journal-${seed}`)
      const posts = 30
      /** What the destination took, by lane and post, however often. */
      const arrived = new Map<string, number>()
      const record = (post: number, kind: (typeof kinds)[number]) =>
        outgoing({
          index: post,
          kind,
          // Every third post has the content of another.
          json: `{"post":${post % 3 === 0 ? 0 : post}}`,
          partitionKey: null,
        })
      let offset = 0n
      for (let part = 0; part < 6; part++) {
        const point = part === 0 ? null : await openResumePoint(path, ['rest', 'kafka'], signal)
        const start = part === 0 ? 0 : readFileSync(path).length
        const journal = createJournalWriter(path)
        const last = part === 5
        for (const sink of ['rest', 'kafka'] as const) {
          for (const kind of kinds) {
            const { next, again } = point?.lane(sink, kind) ?? { next: 0, again: [] }
            const wanted = [...again, ...Array.from({ length: posts - next }, (_, i) => next + i)]
            const until = last ? wanted.length : random(wanted.length + 1)
            for (let at = 0; at < until; ) {
              const batch = wanted.slice(at, Math.min(until, at + 1 + random(4)))
              at += batch.length
              const records = batch.map((post) => record(post, kind))
              journal.sent(sink, kind, records)
              for (const { json } of records) {
                const key = `${sink}/${kind}/${json}`
                arrived.set(key, (arrived.get(key) ?? 0) + 1)
              }
              if (!last && random(3) === 0) continue
              const positions = records.map(() => {
                offset += 1n
                return { to: 'kafka', topic: 't', partition: Number(offset % 3n), offset } as const
              })
              journal.acknowledged(sink, kind, records, positions)
            }
          }
        }
        journal.close()
        const size = readFileSync(path).length
        // A cut takes acknowledgements away, never a request: those are on file before they go out.
        if (!last && size > start + 2) truncateSync(path, size - random(4))
      }
      const scan = await scanJournal(path, ['rest', 'kafka'], join(folder, 'aside'), signal)
      expect(scan.posts).toBe(posts)
      expect(scan.counts.rest?.sent).toBe(posts * kinds.length)
      expect(scan.counts.rest?.acknowledged).toBe(posts * kinds.length)
      for (const sink of ['rest', 'kafka'] as const)
        for (const kind of kinds)
          for (let post = 0; post < posts; post++) {
            const { json } = record(post, kind)
            const same = Array.from({ length: posts }, (_, i) => record(i, kind).json).filter(
              (j) => j === json,
            )
            expect(arrived.get(`${sink}/${kind}/${json}`) ?? 0).toBeGreaterThanOrEqual(same.length)
          }
      await scan.close()
    }
  })

  it('counts places of both parts of a run as one', async () => {
    const path = join(folder, 'journal')
    const at = (partition: number, offset: bigint) =>
      ({ to: 'kafka', topic: 'learner.pin', partition, offset }) as const
    const record = (index: number) => outgoing({ index, kind: 'pin', json: `${index}`, partitionKey: null })
    for (const part of [0, 1]) {
      const journal = createJournalWriter(path)
      const records = [record(2 * part), record(2 * part + 1)]
      journal.sent('rest', 'pin', records)
      // The second part meets the partitions the other way round, so that they get each other's number.
      journal.acknowledged('rest', 'pin', records, [at(part, BigInt(part)), at(1 - part, BigInt(part))])
      journal.close()
    }
    const scan = await scanJournal(path, ['rest'], join(folder, 'aside'), signal)
    expect(scan.places.map(({ partition, count, first, last }) => [partition, count, first, last])).toEqual([
      [0, 2, 0n, 1n],
      [1, 2, 0n, 1n],
    ])
    await scan.close()
  })
})
