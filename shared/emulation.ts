/** Options and results of an emulation: the page, the terminal and the worker share these. */
import { z } from 'zod'
import { problemSchema, timeSchema } from './contract/base.ts'
import { kindSchema } from './names.ts'

/** Where posts go. `rest` and `streams` pass the gateway as the original script does; the others go direct. */
export const sinkIds = ['rest', 'streams', 'kafka', 'kinesis', 'file'] as const
export const sinkIdSchema = z.enum(sinkIds)
export type SinkId = z.infer<typeof sinkIdSchema>

/** A sink's destination: both ways into Kafka land in the same topics. */
export const destinationSchema = z.enum(['kafka', 'kinesis', 'file'])
export type Destination = z.infer<typeof destinationSchema>

export const sourceSchema = z.discriminatedUnion('kind', [
  /** 11,154 posts generated from a seed. */
  z.object({
    kind: z.literal('builtin'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(100),
  }),
  z.object({
    kind: z.literal('mysql'),
    host: z.string().trim().min(1, 'Enter the database host.').max(255),
    port: z.int().min(1).max(65_535).default(3306),
    user: z.string().min(1, 'Enter the database user.').max(255),
    database: z.string().min(1, 'Enter the database name.').max(255).default('pinterest_data'),
    tls: z.enum(['off', 'required']).default('off'),
  }),
  z.object({
    kind: z.literal('files'),
    format: z.enum(['ndjson', 'csv']).default('ndjson'),
    paths: z.object({ pin: z.string().min(1), geo: z.string().min(1), user: z.string().min(1) }),
  }),
])
export type SourceOptions = z.infer<typeof sourceSchema>

export const rateSchema = z.discriminatedUnion('kind', [
  /** As the original script: 0 or 1 second of sleep before each post. */
  z.object({ kind: z.literal('faithful') }),
  z.object({
    kind: z.literal('constant'),
    postsPerSecond: z.number().positive('Enter a rate above 0.').max(1_000_000),
  }),
  z.object({ kind: z.literal('max') }),
  /** A pace that changes (`rateCurve.ts`): straight lines between the points; two points at one time are a step. */
  z.object({
    kind: z.literal('curve'),
    points: z
      .array(
        z.object({
          at: z
            .int()
            .min(0)
            .max(30 * 24 * 3_600_000),
          postsPerSecond: z.number().min(0, 'A rate is not below 0.').max(1_000_000),
        }),
      )
      .min(2, 'A curve needs at least two points.')
      .max(500)
      .refine((points) => points[0]?.at === 0, 'The first point is at 0.')
      .refine(
        (points) => points.every(({ at }, nth) => at >= (points[nth - 1]?.at ?? 0)),
        'The points go on in time.',
      )
      .refine(
        (points) => points.some(({ postsPerSecond }) => postsPerSecond > 0) && (points.at(-1)?.at ?? 0) > 0,
        'A curve takes some time and has a rate above 0.',
      ),
    /** Begins again after the last point; without it the last rate stays, and 0 ends the run. */
    repeat: z.boolean().default(false),
  }),
])
export type RateOptions = z.infer<typeof rateSchema>

export const partitionKeySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('index') }),
  z.object({ kind: z.literal('uuid') }),
  z.object({ kind: z.literal('constant'), value: z.string().min(1).max(256) }),
])
export type PartitionKeyOptions = z.infer<typeof partitionKeySchema>

/** Where records go unless somebody says otherwise: a proxy on a machine has topics; whether there are streams behind it nobody has said. */
export const usualSinks = ({
  kind,
  endpoints,
}: {
  readonly kind: 'local' | 'existing'
  readonly endpoints: { readonly gatewayThrough: 'direct' | 'machine' }
}): readonly SinkId[] =>
  kind === 'existing' && endpoints.gatewayThrough === 'machine' ? ['rest'] : ['rest', 'streams']

export const emulationOptionsSchema = z.object({
  source: sourceSchema.default({ kind: 'builtin', seed: 100 }),
  order: z.enum(['faithful', 'sequential', 'random']).default('faithful'),
  /** Of the order `random`, and of the faithful replay's own generator (100 in the original). */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(100),
  rate: rateSchema.default({ kind: 'faithful' }),
  /** Whichever comes first ends the run; with neither it runs until it is stopped. */
  posts: z.int().min(1).max(1_000_000_000).optional(),
  forMs: z
    .int()
    .min(1)
    .max(30 * 24 * 3_600_000)
    .optional(),
  /** Records of one request. Kinesis takes at most 500. */
  batch: z
    .int()
    .min(1, 'A batch has at least 1 record.')
    .max(500, 'A batch has at most 500 records.')
    .default(1),
  /** Requests under way at once, for each sink. */
  inFlight: z.int().min(1).max(64).default(4),
  acks: z.enum(['all', 'leader', 'none']).default('all'),
  compression: z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd']).default('none'),
  partitionKey: partitionKeySchema.default({ kind: 'index' }),
  sinks: z.array(sinkIdSchema).min(1, 'Choose at least one sink.').max(5).default(['rest', 'streams']),
  /** Ends the run after so long a time in which limits refused records all along, ms; left out: never. */
  throttledForMs: z
    .int()
    .min(1_000)
    .max(24 * 3_600_000)
    .optional(),
  /** Only for the sink `file`: the folder the NDJSON goes to; empty means the run's own folder. */
  filePath: z.string().max(4_096).default(''),
})
export type EmulationOptions = z.infer<typeof emulationOptionsSchema>
export type EmulationInput = z.input<typeof emulationOptionsSchema>

/** `sent = acknowledged + failed + inFlight` in every snapshot; `retried` counts attempts (decision 4). */
export const countersSchema = z.object({
  sent: z.int(),
  acknowledged: z.int(),
  failed: z.int(),
  retried: z.int(),
  inFlight: z.int(),
})
export type Counters = z.infer<typeof countersSchema>

/** Milliseconds from the intended send time to the acknowledgement; null before the first. */
export const latencySchema = z.object({
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  p999: z.number(),
  max: z.number(),
})
export type Latency = z.infer<typeof latencySchema>

export const runStateSchema = z.enum([
  'starting',
  'running',
  'pausing',
  'paused',
  'stopping',
  'verifying',
  'done',
  'stopped',
  'failed',
  'interrupted',
])
export type RunState = z.infer<typeof runStateSchema>

/** What was read back: the proof, and every number in it counted, not derived (decision 4). */
export const reportSchema = z.object({
  posts: z.int(),
  acknowledged: z.object({ kafka: z.int(), kinesis: z.int() }),
  /** Acknowledged positions that were read back at their place; `lake` counts those that stand in exactly one line. */
  found: z.object({ kafka: z.int(), kinesis: z.int(), lake: z.int() }),
  /** Read back although never acknowledged: a request that timed out and still arrived. */
  unacknowledgedFound: z.object({ kafka: z.int(), kinesis: z.int(), lake: z.int() }),
  /** Acknowledged positions that are not where they should be; 0 or the run is not true. */
  unaccounted: z.int(),
  /** Places that could not be read, with the reason: their numbers above are 0 and prove nothing. */
  notRead: z.array(z.object({ place: z.enum(['kafka', 'kinesis', 'lake']), reason: z.string() })).optional(),
})
export type Report = z.infer<typeof reportSchema>

export const sinkSnapshotSchema = z.object({
  sink: sinkIdSchema,
  counters: countersSchema,
  /** Acknowledged records a second over the last seconds; once the run has ended, over its whole time. */
  rate: z.number(),
  latency: latencySchema.nullable(),
})
export type SinkSnapshot = z.infer<typeof sinkSnapshotSchema>

/** One kind of error; `count` is of records and includes attempts that were repeated. */
export const sinkErrorSchema = z.object({
  code: z.string(),
  count: z.int(),
  sink: sinkIdSchema,
  example: z.string(),
  hint: z.string(),
})
export type SinkError = z.infer<typeof sinkErrorSchema>

export const runSnapshotSchema = z.object({
  runId: z.string(),
  pipeline: z.string(),
  state: runStateSchema,
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
  /** Time in which the run was not paused, ms. */
  activeMs: z.number(),
  options: emulationOptionsSchema,
  /** Posts whose every record has been handed to every sink. */
  posts: z.int(),
  postsPerSecond: z.number(),
  /** Sums over the sinks. */
  counters: countersSchema,
  sinks: z.array(sinkSnapshotSchema),
  /** Acknowledged records by kind, over all sinks. */
  perKind: z.record(kindSchema, z.int()),
  errors: z.array(sinkErrorSchema),
  warnings: z.array(z.string()),
  /** Why the run failed or stopped by itself. */
  problem: problemSchema.nullable(),
  report: reportSchema.nullable(),
  /** How far a verification is; only in the state `verifying`. `fraction` is null while it waits for the lake. */
  verifying: z.object({ fraction: z.number().nullable(), text: z.string() }).nullable().default(null),
  /**
   * Each time it went on after an interruption: from which post, counted from 0, and how many records nobody had
   * answered and went out again. Those that had arrived all the same stand twice; the report counts them as
   * `unacknowledgedFound`.
   */
  resumes: z.array(z.object({ at: timeSchema, post: z.int(), repeated: z.int() })).default([]),
})
export type RunSnapshot = z.infer<typeof runSnapshotSchema>

export const runSummarySchema = runSnapshotSchema.pick({
  runId: true,
  state: true,
  startedAt: true,
  endedAt: true,
  posts: true,
  counters: true,
  options: true,
  report: true,
})
export type RunSummary = z.infer<typeof runSummarySchema>

/** One record exactly as it would go out. */
export const previewRecordSchema = z.object({
  sink: sinkIdSchema,
  kind: kindSchema,
  /** `POST http://…/topics/…`, or the topic or stream for direct sinks. */
  target: z.string(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  body: z.string(),
})
export type PreviewRecord = z.infer<typeof previewRecordSchema>
