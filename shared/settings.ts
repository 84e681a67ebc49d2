/** The settings of the app and of a pipeline, with their defaults: the one place where each is named. */
import { z } from 'zod'
import { airflowSettingsSchema } from './airflow.ts'
import { awsChoiceSchema, roleArnSchema } from './aws.ts'
import { databricksSettingsSchema } from './databricks.ts'
import { hostSettingsSchema } from './host.ts'
import { kindSchema, streamNameSchema, topicNameSchema, userIdSchema } from './names.ts'
import { brokerChoiceSchema, proxyChoiceSchema } from './services.ts'

export const portSchema = z.int().min(0, 'A port is 0 (choose one) to 65535.').max(65_535)

const httpUrl = z.url({
  protocol: /^https?$/,
  error: 'Enter an address that begins with http:// or https://.',
})
/** An address or nothing. Spaces around any address are a slip of the clipboard and never part of it, whichever door it comes by. */
const optionalUrl = z
  .string()
  .trim()
  .pipe(z.union([z.literal(''), httpUrl]))
/** `host:port`, several with commas: "a:9092, b:9092" becomes "a:9092,b:9092". */
const bootstrapSchema = z
  .string()
  .max(1_000)
  .overwrite((text) =>
    text
      .split(',')
      .map((address) => address.trim())
      .filter((address) => address !== '')
      .join(','),
  )
const folder = z.string().max(4_096)

/** Bumped with a migration whenever a stored field changes its meaning; a newer one is refused, never "damaged". */
export const settingsVersion = 1

const mirrorsSchema = z
  .object({
    adoptium: httpUrl.default('https://api.adoptium.net'),
    kafka: httpUrl.default('https://downloads.apache.org/kafka'),
    kafkaArchive: httpUrl.default('https://archive.apache.org/dist/kafka'),
    temurin: httpUrl.default('https://github.com/adoptium/temurin17-binaries/releases/download'),
    node: httpUrl.default('https://nodejs.org/dist'),
    confluent: httpUrl.default('https://packages.confluent.io/archive'),
    mskIam: httpUrl.default('https://github.com/aws/aws-msk-iam-auth/releases/download'),
  })
  .prefault({})

const fields = {
  theme: z.enum(['system', 'light', 'dark']),
  /** Tell of the end of long work while the app is out of sight. */
  notifyEnds: z.boolean(),
  /** Where Java and Kafka are looked for first; empty means "find it". */
  javaHome: folder,
  kafkaHome: folder,
  /** Empty means the system's own. */
  proxy: optionalUrl,
  caFile: folder,
  /** The emulation stops below this much free disk (GiB). Decision 20. */
  minFreeGiB: z.number().min(0.1).max(1_024),
  /** Cap on what one pipeline may keep on disk (GiB). */
  maxDataGiB: z.number().min(1).max(10_240),
}

export const settingsSchema = z.object({
  version: z.literal(settingsVersion).default(settingsVersion),
  mirrors: mirrorsSchema,
  theme: fields.theme.default('system'),
  notifyEnds: fields.notifyEnds.default(true),
  javaHome: fields.javaHome.default(''),
  kafkaHome: fields.kafkaHome.default(''),
  proxy: fields.proxy.default(''),
  caFile: fields.caFile.default(''),
  minFreeGiB: fields.minFreeGiB.default(2),
  maxDataGiB: fields.maxDataGiB.default(20),
})
export type Settings = z.infer<typeof settingsSchema>

/** Some of the settings. It has no defaults: zod fills them in even where a key may be absent, which would reset the others. */
export const settingsChangeSchema = z.object({ ...fields, mirrors: mirrorsSchema.unwrap() }).partial()
export type SettingsChange = z.infer<typeof settingsChangeSchema>

const perKind = <T extends z.ZodType>(value: T) => z.object({ pin: value, geo: value, user: value }).partial()

/** Who we are to a gateway: nobody, the holder of an API key (`x-api-key`), or an identity of AWS that signs (SigV4). Decision 14. */
export const gatewayAccessSchema = z.enum(['none', 'apiKey', 'sigv4'])
export type GatewayAccessKind = z.infer<typeof gatewayAccessSchema>

/** Visible ASCII, as a header's value takes it. Short ones are typing errors, and could not be kept out of texts. */
export const gatewayKeySchema = z
  .string()
  .min(8, 'An API key has at least 8 characters.')
  .max(1_024, 'An API key has at most 1,024 characters.')
  .regex(/^[\x21-\x7e]+$/, 'An API key has no spaces and no letters beyond ASCII.')

/**
 * How Kafka is spoken to: in clear, over TLS, or over TLS with a sign-in: user and password (PLAIN, SCRAM), or a token that is
 * signed here with an identity of AWS (IAM of MSK, OAUTHBEARER).
 */
export const kafkaAccessSchema = z.enum(['plaintext', 'tls', 'saslPlain', 'scram256', 'scram512', 'mskIam'])
export type KafkaAccessKind = z.infer<typeof kafkaAccessSchema>

/** Whether it signs in with a user name and a password. */
export const wantsPassword = (kind: KafkaAccessKind): boolean =>
  kind === 'saslPlain' || kind === 'scram256' || kind === 'scram512'

/** Short ones are typing errors, and could not be kept out of texts. */
export const kafkaPasswordSchema = z
  .string()
  .min(4, 'A password has at least 4 characters.')
  .max(1_024, 'A password has at most 1,024 characters.')
  // NUL separates the parts of SASL's PLAIN; a line's end is a slip of the clipboard.
  .refine((text) => !/[\0\r\n]/.test(text), 'A password has no line breaks.')

export const pipelineNameSchema = z
  .string()
  .trim()
  .min(1, 'Enter a name.')
  .max(60, 'A name has at most 60 characters.')

/** One named set of user id, topics, streams, endpoints and paths. */
export const pipelineSettingsSchema = z.object({
  name: pipelineNameSchema,
  userId: userIdSchema.default('learner'),
  /** `local`: everything on this computer. `existing`: what somebody else runs, by its addresses. */
  kind: z.enum(['local', 'existing']).default('local'),
  topics: z
    .object({
      names: perKind(topicNameSchema).default({}),
      partitions: z.int().min(1).max(1_000).default(1),
      /** Milliseconds; −1 keeps for ever. Default: Kafka's own 7 days. */
      retentionMs: z.int().min(-1).default(604_800_000),
    })
    .prefault({}),
  streams: z
    .object({
      names: perKind(streamNameSchema).default({}),
      shards: z.int().min(1).max(100).default(1),
      /** Hours, 24 to 8760 as on AWS. */
      retentionHours: z.int().min(24).max(8_760).default(24),
      /** AWS's limits are enforced, so that a learner meets them here first. Decision 1. */
      enforceLimits: z.boolean().default(true),
    })
    .prefault({}),
  ports: z
    .object({
      kafka: portSchema.default(9092),
      kinesis: portSchema.default(4568),
      gateway: portSchema.default(8082),
    })
    .prefault({}),
  gateway: z
    .object({
      /** Optional path prefix like API Gateway's stages: `test`, `dev`. */
      stage: z
        .string()
        .regex(/^[A-Za-z0-9_-]*$/, 'A stage has letters, digits, - and _ only.')
        .max(64)
        .default(''),
      /** Origins allowed to call it from a browser; none by default. Decision 14. */
      corsOrigins: z.array(httpUrl).max(20).default([]),
      maxBodyMiB: z.number().min(0.1).max(100).default(12),
    })
    .prefault({}),
  lake: z
    .object({
      /** Under the S3 sink connector's own key names. */
      'flush.size': z.int().min(1).max(1_000_000).default(500),
      'rotate.schedule.interval.ms': z.int().min(100).max(86_400_000).default(3_000),
    })
    .prefault({}),
  /** Only for `existing`: where what somebody else runs is reached. */
  endpoints: z
    .object({
      bootstrap: bootstrapSchema.default(''),
      /** Brokers are opened by the pipeline's machine, as it sees them, or from here. */
      through: z.enum(['direct', 'machine']).default('direct'),
      kafkaAccess: kafkaAccessSchema.default('plaintext'),
      kafkaUser: z
        .string()
        .trim()
        .max(255, 'A user name has at most 255 characters.')
        .refine((text) => !/[\0\r\n]/.test(text), 'A user name has no line breaks.')
        .default(''),
      /** PEM of the authorities that signed the brokers' certificates, besides those of the settings and of the system. */
      kafkaCaFile: folder.default(''),
      /** Of `mskIam`: the role that signs, taken on by the pipeline's identity; empty for that identity itself. Decision 12. */
      kafkaRole: roleArnSchema.default(''),
      gateway: optionalUrl.default(''),
      /** The gateway's address is one that the pipeline's machine sees, such as its own loopback, or one seen from here. */
      gatewayThrough: z.enum(['direct', 'machine']).default('direct'),
      gatewayAccess: gatewayAccessSchema.default('none'),
      kinesis: optionalUrl.default(''),
      region: z.string().trim().max(40).default('us-east-1'),
    })
    .prefault({}),
  /** Which identity of AWS it acts as. */
  aws: awsChoiceSchema.prefault({}),
  /**
   * The EC2 instance that is the pipeline's own, the public address it had when it was last seen, and the one before, until a
   * person has said that what named it was changed (F-04).
   */
  machine: z
    .object({
      id: z.string().max(40).default(''),
      address: z.string().max(255).default(''),
      before: z.string().max(255).default(''),
    })
    .prefault({}),
  /** How the plan `machine` launches one. */
  launch: z
    .object({
      type: z
        .string()
        .trim()
        .regex(/^[a-z0-9-]+\.[a-z0-9]+$/, 'An instance type, such as t3.small.')
        .default('t3.small'),
      diskGiB: z.int().min(8).max(16_384).default(16),
      /** Who may reach port 22, as CIDR; empty for this computer alone, by the address it is seen with. */
      from: z
        .string()
        .trim()
        .regex(/^(\d{1,3}(\.\d{1,3}){3}\/\d{1,2})?$/, 'Addresses as CIDR, such as 203.0.113.7/32.')
        .default(''),
      /** Name of an existing instance profile, for MSK with IAM and Kinesis; empty for none. */
      profile: z.string().trim().max(128).default(''),
      /** It stops itself so many hours after each start, app or no app; 0 for never. */
      stopAfterHours: z.int().min(0).max(720).default(0),
      /** The app reminds of it after so many hours, and again after each further so many; 0 for never. */
      remindAfterHours: z.int().min(0).max(720).default(4),
    })
    .prefault({}),
  /** The machine that is reached by SSH; null where there is none. */
  host: hostSettingsSchema.nullable().default(null),
  /** The DAG that runs the notebooks, and the environment of MWAA that runs the DAG. */
  airflow: airflowSettingsSchema.prefault({}),
  /** Kafka on that machine, as the plan `kafkaHost` sets it up. */
  kafkaHost: z
    .object({
      /** A broker on the machine, or MSK by IAM, whose tools and proxy the machine then has. */
      broker: brokerChoiceSchema.default('machine'),
      /** Of MSK: the role that the machine's own identity takes on; empty for its instance profile itself (F-11). */
      role: roleArnSchema.default(''),
      /** Where the record that proves a set-up may go: a topic of its own, or `<id>.pin` where only those are allowed. */
      healthTopic: z.enum(['own', 'pin']).default('own'),
      /** Apache's version number; empty for the one this app is made for. */
      version: z
        .string()
        .trim()
        .regex(/^(\d+\.\d+\.\d+)?$/, 'A version has three numbers, such as 4.3.1.')
        .default(''),
      /** What clients are told to connect to; empty for the machine's own private address. */
      advertised: z
        .string()
        .trim()
        .max(255)
        .regex(/^[\w.-]*$/, 'A name or an address, without a port.')
        .default(''),
      port: portSchema.min(1).default(9092),
      controllerPort: portSchema.min(1).default(9093),
      /** What answers HTTP there: this app's own gateway, Confluent's REST proxy, or nothing. */
      proxy: proxyChoiceSchema.default('gateway'),
      /** Of Confluent Platform's community edition; empty for the one this app is made for. 7.x only when typed (decision 9). */
      confluentVersion: z
        .string()
        .trim()
        .regex(/^([78]\.\d+\.\d+)?$/, 'A version of Confluent 7 or 8 has three numbers, such as 8.3.1.')
        .default(''),
      proxyPort: portSchema.min(1).default(8082),
    })
    .prefault({}),
  /** The workspace its notebooks run in. */
  databricks: databricksSettingsSchema.prefault({}),
})
export type PipelineSettings = z.infer<typeof pipelineSettingsSchema>

export const kindNamesSchema = z.record(kindSchema, z.string())
