/**
 * Three streams at AWS's full rate, 1,000 records a second each, for ten minutes with a kill -9 every minute: every
 * acknowledged record is read back at its place, and the cost of a record does not grow with what is stored.
 * `SOAK_SECONDS` makes it shorter.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PutEntry } from '../../electron/clients/kinesis/types.ts'
import { buildEntry } from '../helpers/builtEntry.ts'
import { type KinesisChild, readStream, startKinesisChild } from '../helpers/kinesisChild.ts'

const seconds = Number(process.env.SOAK_SECONDS ?? 600)
const killEveryMs = Math.min(60_000, (seconds * 1_000) / 5)
const streams = ['pin', 'geo', 'user'] as const
/** A record is a post of about a kilobyte whose first bytes are its number. */
const filler = Buffer.alloc(1_000, 'x')

let built: Awaited<ReturnType<typeof buildEntry>>
let dir: string
beforeAll(async () => {
  built = await buildEntry('kinesis')
  dir = await mkdtemp(join(tmpdir(), 'kinesis-soak-'))
})
afterAll(async () => {
  await built?.remove()
  await rm(dir, { recursive: true, force: true })
})

it(`keeps 3 × 1,000 records a second for ${seconds} s through kills`, async () => {
  let child: KinesisChild = await startKinesisChild(built.file, dir)
  for (const stream of streams) await child.client.createStream(stream, 1, AbortSignal.timeout(10_000))
  const until = Date.now() + seconds * 1_000
  /** By number of the record: the sequence number it was acknowledged with. */
  const acknowledged = new Map<(typeof streams)[number], Map<number, bigint>>(
    streams.map((stream) => [stream, new Map()]),
  )
  let number = 0
  let behind = 0
  let kills = 0
  let restarting: Promise<void> | null = null

  const write = async (stream: (typeof streams)[number]) => {
    let due = Date.now()
    while (Date.now() < until) {
      due += 100
      if (due > Date.now()) await sleep(due - Date.now())
      else behind = Math.max(behind, Date.now() - due)
      if (restarting) {
        await restarting
        due = Date.now()
      }
      const first = number
      number += 100
      const entries = Array.from({ length: 100 }, (_, nth): PutEntry => {
        const text = `${first + nth} `
        return { data: Buffer.concat([Buffer.from(text), filler]), partitionKey: text }
      })
      const results = await child.client.putRecords(stream, entries).catch(() => [])
      for (const [nth, result] of results.entries()) {
        if (result.ok) acknowledged.get(stream)?.set(first + nth, result.sequence)
      }
    }
  }
  const killer = async () => {
    while (Date.now() + killEveryMs < until) {
      await sleep(killEveryMs)
      kills += 1
      const old = child
      restarting = old.kill().then(async () => {
        child = await startKinesisChild(built.file, dir)
        restarting = null
      })
      await restarting
    }
  }
  await Promise.all([killer(), ...streams.map(write)])

  let found = 0
  for (const stream of streams) {
    const expected = acknowledged.get(stream) ?? new Map<number, bigint>()
    for await (const record of readStream(child.client, stream)) {
      const index = Number.parseInt(record.data.toString('latin1', 0, 12), 10)
      if (expected.get(index) === record.sequence) {
        expected.delete(index)
        found += 1
      }
    }
    expect([stream, expected.size]).toEqual([stream, 0])
  }
  await child.kill()
  process.stdout.write(
    `${JSON.stringify({ seconds, kills, sent: number, acknowledged: found, worstDelayMs: behind })}\n`,
  )
  expect(found).toBeGreaterThan(seconds * 3_000 * 0.9)
})
