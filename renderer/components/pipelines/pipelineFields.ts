/** The fields of a pipeline's settings, as forms show them. */
import { kinds } from '../../../shared/names.ts'
import type { PipelineSettings } from '../../../shared/settings.ts'
import { type FieldSpec, fieldSpecs } from '../form/draft.ts'

const text = (...path: string[]): FieldSpec => ({ path, type: 'text' })
const number = (...path: string[]): FieldSpec => ({ path, type: 'number' })
const optional = (...path: string[]): FieldSpec => ({ path, type: 'optional' })

const always = [
  text('name'),
  text('userId'),
  ...kinds.map((kind) => optional('topics', 'names', kind)),
  ...kinds.map((kind) => optional('streams', 'names', kind)),
]

const local = [
  number('topics', 'partitions'),
  number('topics', 'retentionMs'),
  number('streams', 'shards'),
  number('streams', 'retentionHours'),
  { path: ['streams', 'enforceLimits'], type: 'flag' } as const,
  number('ports', 'kafka'),
  number('ports', 'kinesis'),
  number('ports', 'gateway'),
  text('gateway', 'stage'),
  { path: ['gateway', 'corsOrigins'], type: 'list' } as const,
  number('gateway', 'maxBodyMiB'),
  number('lake', 'flush.size'),
  number('lake', 'rotate.schedule.interval.ms'),
]

const kafkaHost = [
  text('kafkaHost', 'broker'),
  text('kafkaHost', 'role'),
  text('kafkaHost', 'healthTopic'),
  text('kafkaHost', 'proxy'),
  text('kafkaHost', 'confluentVersion'),
  text('kafkaHost', 'version'),
  number('kafkaHost', 'proxyPort'),
]

const addresses = [
  text('endpoints', 'gateway'),
  text('endpoints', 'gatewayThrough'),
  text('endpoints', 'gatewayAccess'),
  { path: ['endpoints', 'bootstrap'], type: 'compact' } as const,
  text('endpoints', 'through'),
  text('endpoints', 'kafkaAccess'),
  text('endpoints', 'kafkaUser'),
  text('endpoints', 'kafkaCaFile'),
  text('endpoints', 'kafkaRole'),
  text('endpoints', 'kinesis'),
  text('endpoints', 'region'),
]

const launch = [
  text('launch', 'type'),
  number('launch', 'diskGiB'),
  text('launch', 'from'),
  text('launch', 'profile'),
  number('launch', 'stopAfterHours'),
  number('launch', 'remindAfterHours'),
]

/** Of what runs elsewhere only the addresses are ours to set, and what we bring to a machine of the pipeline's own. */
export const pipelineFields = {
  local: fieldSpecs([...always, ...local]),
  existing: fieldSpecs([...always, ...addresses, ...kafkaHost]),
} satisfies Record<PipelineSettings['kind'], unknown>

/** Of what is used as it is: it may have no machine. */
export const addressFields = fieldSpecs([...always, ...addresses])

/** What Set-up brings to a machine. */
export const kafkaHostFields = fieldSpecs(kafkaHost)

/** What a machine is launched with. */
export const launchFields = fieldSpecs(launch)

/** How the pipeline's workspace is signed in to. */
export const workspaceFields = fieldSpecs(
  ['auth', 'host', 'clientId', 'profile'].map((name) => text('databricks', name)),
)

/** What is put into the workspace. */
export const databricksFields = fieldSpecs([
  text('databricks', 'folder'),
  text('databricks', 'lake', 'place'),
  text('databricks', 'lake', 'volume'),
  text('databricks', 'lake', 'path'),
  text('databricks', 'lake', 'bucket'),
  text('databricks', 'compute', 'kind'),
  text('databricks', 'compute', 'cluster'),
  text('databricks', 'schedule'),
  text('databricks', 'timezone'),
  { path: ['databricks', 'streams'], type: 'flag' },
  text('databricks', 'serviceCredential'),
])

/** The DAG, and the environment that runs it. */
export const airflowFields = fieldSpecs([
  ...[
    'environment',
    'schedule',
    'startDate',
    'mode',
    'jobId',
    'clusterId',
    'notebookPath',
    'connectionId',
  ].map((name) => text('airflow', name)),
  number('airflow', 'retries'),
  number('airflow', 'timeoutMinutes'),
])
