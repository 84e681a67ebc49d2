/** The incidents a learner can practise: what each does, what it is set with, and what to look for while it is on. */
import { z } from 'zod'
import { streamNameSchema } from './names.ts'

export const incidentIds = [
  'broker-down',
  'throttled-shard',
  'slow-gateway',
  'bad-records',
  'rebalance',
] as const
export type IncidentId = (typeof incidentIds)[number]

export const badKinds = ['not-json', 'missing-field', 'wrong-type', 'tombstone'] as const
export const badKindSchema = z.enum(badKinds)
export type BadKind = z.infer<typeof badKindSchema>

/** How each kind of badness is called. */
export const badKindTitles: Readonly<Record<BadKind, string>> = {
  'not-json': 'not JSON',
  'missing-field': 'without its number',
  'wrong-type': 'a field of a wrong type',
  tombstone: 'a tombstone (no value)',
}

/** A header of every bad record, so that a filter finds them all. */
export const badHeader = { name: 'incident', value: 'bad-records' } as const
/** The filter (docs/filter.md) that finds them. */
export const badFilter = `headers.${badHeader.name} == "${badHeader.value}"`

const lasting = {
  /** It ends by itself after so long, ms. */
  forMs: z
    .int('Enter a whole number of seconds.')
    .min(10_000, 'An incident lasts 10 s at least.')
    .max(300_000, 'An incident lasts 300 s at most.')
    .default(30_000),
}

export const incidentOptionsSchema = z.discriminatedUnion('id', [
  z.object({ id: z.literal('broker-down'), ...lasting }),
  z.object({
    id: z.literal('throttled-shard'),
    ...lasting,
    /** Left out: the pipeline's stream of pins. */
    stream: streamNameSchema.optional(),
    /** Left out: the first open one. */
    shard: z.string().min(1).max(128).optional(),
    /** What is left of the 1,000 records a second; 0 refuses all. */
    recordsPerSecond: z
      .int('Enter a whole number.')
      .min(0, 'Enter 0 or more.')
      .max(999, 'A shard takes 1,000 anyway: enter 999 at most.')
      .default(1),
  }),
  z.object({
    id: z.literal('slow-gateway'),
    ...lasting,
    /** Added to each answer. The gateway itself gives up after 27 s, as API Gateway does after 29. */
    delayMs: z
      .int('Enter a whole number.')
      .min(100, 'Enter 100 ms at least.')
      .max(30_000, 'Enter 30,000 ms at most.')
      .default(2_000),
  }),
  z.object({
    id: z.literal('bad-records'),
    ...lasting,
    /** Over the three topics, one after the other, spread over the time. */
    count: z
      .int('Enter a whole number.')
      .min(1, 'Enter 1 at least.')
      .max(200, 'Enter 200 at most: they stay.')
      .default(12),
    kinds: z
      .array(badKindSchema)
      .min(1, 'Choose one at least.')
      .max(badKinds.length)
      .default([...badKinds]),
  }),
  z.object({
    id: z.literal('rebalance'),
    ...lasting,
    /** Members that come and go beside the one that stays. */
    members: z.int('Enter a whole number.').min(1, 'Enter 1 at least.').max(8, 'Enter 8 at most.').default(2),
    /** One comes or goes each time, ms. */
    everyMs: z
      .int('Enter a whole number.')
      .min(1_000, 'Enter 1 s at least.')
      .max(60_000, 'Enter 60 s at most.')
      .default(4_000),
  }),
])
export type IncidentOptions = z.infer<typeof incidentOptionsSchema>
export type IncidentInput = z.input<typeof incidentOptionsSchema>

/** The page that shows it, and what stands there. */
export const lookForSchema = z.object({
  page: z.enum(['Overview', 'Set-up', 'Topics', 'Groups', 'Streams', 'Emulation', 'Trace']),
  text: z.string(),
})

export const incidentSchema = z.object({
  id: z.enum(incidentIds),
  title: z.string(),
  /** What really happens. */
  what: z.string(),
  /** What makes it happen in the real pipeline. */
  why: z.string(),
  look: z.array(lookForSchema),
  heal: z.string(),
})
export type Incident = z.infer<typeof incidentSchema>

export const incidents: readonly Incident[] = [
  {
    id: 'broker-down',
    title: 'Broker down',
    what: 'The Kafka broker is ended and kept down. Nothing else is touched: gateway, Kinesis and lake run on.',
    why: 'A broker is restarted or out of reach; the gateway answers 504 after 29 s.',
    look: [
      { page: 'Overview', text: 'The box Kafka topics is marked; no records arrive in topics and lake.' },
      {
        page: 'Emulation',
        text: 'Errors by kind: what was under way fails with 50003, outcome unknown (KAFKA_RECORD_FAILED); later requests get 503 and are sent again (GATEWAY_BUSY).',
      },
      {
        page: 'Emulation',
        text: 'The whole run waits: the slowest sink sets the pace. Sent is still acknowledged + failed + in flight.',
      },
      { page: 'Topics', text: 'Every question to Kafka is answered with INCIDENT_BROKER_DOWN.' },
    ],
    heal: 'The broker starts again at its old port. Runs, gateway and lake go on by themselves.',
  },
  {
    id: 'throttled-shard',
    title: 'Throttled shard',
    what: 'One shard takes only so many records a second; the rest is refused, as AWS does above its limit.',
    why: 'A constant or popular partition key sends everything to one shard.',
    look: [
      {
        page: 'Overview',
        text: 'The box Kinesis streams is marked; the stream’s rate falls to what is left.',
      },
      {
        page: 'Emulation',
        text: 'Errors by kind: KINESIS_THROTTLED, with AWS’s ProvisionedThroughputExceededException; retried rises, and the whole run falls behind its rate.',
      },
      { page: 'Streams', text: 'Hot keys of the stream: which partition keys fall into this shard.' },
    ],
    heal: 'The shard takes 1,000 records a second again. In the cloud: more shards, or better spread keys.',
  },
  {
    id: 'slow-gateway',
    title: 'Slow gateway',
    what: 'The gateway holds back each of its answers. The work behind it is done at once.',
    why: 'A small machine, a proxy without memory or a broker out of reach.',
    look: [
      { page: 'Overview', text: 'The box Gateway is marked; its p99 is the delay and a little more.' },
      {
        page: 'Emulation',
        text: 'In flight is full and the pace falls: each request of a sink waits for its answer.',
      },
      { page: 'Trace', text: 'The hop gateway takes as long as the delay, topic and stream do not.' },
    ],
    heal: 'What is held back is answered at once. p99 counts the newest 1,024 requests, so it falls slowly.',
  },
  {
    id: 'bad-records',
    title: 'Bad records',
    what: 'Records that break readers are really written to the three topics. They stay there, and in the lake.',
    why: 'A console producer, a wrong wrapper or a changed type.',
    look: [
      { page: 'Topics', text: `Search each topic by the expression ${badFilter}.` },
      {
        page: 'Topics',
        text: 'Analysis: the fields of its values, with the types that differ and the values without JSON.',
      },
      {
        page: 'Overview',
        text: 'The lake goes on: what is not JSON stands in its line as {"__not_json__": …}. A connector would stop.',
      },
    ],
    heal: 'No more are written. Kafka takes nothing back: empty the topic, or let readers pass over them.',
  },
  {
    id: 'rebalance',
    title: 'Rebalance',
    what: 'Members join and leave a consumer group made for it, again and again. Other groups are not touched.',
    why: 'Consumers that crash, are slow or scale; nobody reads until the partitions are shared out anew.',
    look: [
      {
        page: 'Groups',
        text: 'The group’s state goes from Stable to PreparingRebalance and CompletingRebalance and back.',
      },
      {
        page: 'Groups',
        text: 'Its members: who has which partition changes with each one that comes or goes.',
      },
      { page: 'Groups', text: 'With fewer partitions than members, some have none.' },
    ],
    heal: 'All members leave and the group is deleted. In the cloud: static membership, longer time-outs.',
  },
]

/** Throws where the id is none of ours: the schema has already said so. */
export function incidentOf(id: IncidentId): Incident {
  const found = incidents.find((incident) => incident.id === id)
  if (found === undefined) throw new Error(`No incident ${id}`)
  return found
}
