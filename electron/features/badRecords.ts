/** The incident "bad records": rows of the built-in data, broken in four ways and really written. */
import type { BadPlace } from '../../shared/contract/incidents.ts'
import {
  type BadKind,
  badHeader,
  badKinds,
  badKindTitles,
  type IncidentOptions,
} from '../../shared/incidents.ts'
import { type Kind, kinds } from '../../shared/names.ts'
import type { Post } from '../../shared/posts.ts'
import type { KafkaProducer, OutRecord } from '../clients/kafka/types.ts'
import { createDataset, datasetSize } from '../emulator/dataset/dataset.ts'
import { pause } from '../lib/broadcast.ts'
import type { Practice, PracticeContext } from './incidentParts.ts'

/** The field that says which post it is, and one that readers count with. */
const fields = {
  pin: { id: 'index', typed: 'downloaded' },
  geo: { id: 'ind', typed: 'latitude' },
  user: { id: 'ind', typed: 'age' },
} as const

/** Whatever was good in the row stays, so that it looks like one of the pipeline's own. */
export function badValue(post: Post, kind: Kind, bad: BadKind): Buffer | null {
  const row: Record<string, unknown> = { ...post[kind] }
  const { id, typed } = fields[kind]
  if (bad === 'tombstone') return null
  if (bad === 'missing-field') delete row[id]
  if (bad === 'wrong-type') row[typed] = 'a word'
  const text = JSON.stringify(row)
  return Buffer.from(bad === 'not-json' ? text.slice(0, Math.floor(text.length / 2)) : text)
}

export function badRecords(
  { stack, pipeline, until, signal }: PracticeContext,
  options: Extract<IncidentOptions, { readonly id: 'bad-records' }>,
): Practice {
  const { count } = options
  const chosen = badKinds.filter((kind) => options.kinds.includes(kind))
  const places: BadPlace[] = []
  let failed = 0
  let producer: KafkaProducer | null = null
  let writing: Promise<void> = Promise.resolve()

  const writeOne = async (nth: number, row: (index: number) => Post): Promise<void> => {
    // Every kind reaches every topic: the topic changes with each record, the kind with each round of topics.
    const kind = kinds[nth % kinds.length] ?? 'pin'
    const bad = chosen[Math.floor(nth / kinds.length) % chosen.length] ?? 'not-json'
    const topic = pipeline.names.topics[kind]
    const record: OutRecord = {
      key: Buffer.from(`incident-${bad}-${nth + 1}`),
      value: badValue(row(nth % datasetSize), kind, bad),
      headers: [{ name: badHeader.name, value: Buffer.from(badHeader.value) }],
    }
    const [position] = (await producer?.send(topic, [record])) ?? []
    if (position === undefined || position.offset === null) return
    places.push({ topic, partition: position.partition, offset: String(position.offset), kind: bad })
  }
  const write = async (since: number): Promise<void> => {
    const row = createDataset(100)
    for (let nth = 0; nth < count && !signal.aborted; nth++) {
      await writeOne(nth, row).catch(() => {
        failed += 1
      })
      await pause(since + ((nth + 1) * (until - since)) / count - Date.now(), signal)
    }
  }

  return {
    text: `${count} bad records are written, over the three topics: ${chosen.map((kind) => badKindTitles[kind]).join(', ')}.`,
    group: null,
    async begin() {
      producer = await (await stack.kafka()).producer({ acks: 'all', compression: 'none', idempotent: true })
      writing = write(Date.now())
    },
    look: async () => {},
    gone: () => !stack.broker.wanted(),
    facts: () => [
      ...chosen.map((kind) => ({
        label: `written: ${badKindTitles[kind]}`,
        value: places.filter((place) => place.kind === kind).length,
        unit: '' as const,
      })),
      ...(failed === 0 ? [] : [{ label: 'could not be written', value: failed, unit: '' as const }]),
    ],
    places: () => places,
    async heal() {
      // A broker that was stopped meanwhile answers no more; what is under way is given up with the producer.
      const settled = stack.broker.running() === null ? Promise.resolve() : writing
      await settled
      await producer?.close()
    },
  }
}
