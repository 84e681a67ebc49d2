/** MWAA's environments: what each is and how it stands, and the changes this app makes to one. */
import { z } from 'zod'
import { jsonOf } from '../../lib/jsonText.ts'
import { mwaaCall } from './mwaaCall.ts'
import type { AwsAccess } from './types.ts'

const statuses = [
  'CREATING',
  'CREATING_SNAPSHOT',
  'PENDING',
  'AVAILABLE',
  'UPDATING',
  'ROLLING_BACK',
  'MAINTENANCE',
  'UNAVAILABLE',
  'CREATE_FAILED',
  'UPDATE_FAILED',
  'DELETING',
  'DELETED',
] as const
export type MwaaStatus = (typeof statuses)[number]

export interface MwaaEnvironment {
  readonly name: string
  /** Null for one that this app does not know. */
  readonly status: MwaaStatus | null
  /** As MWAA says it. */
  readonly statusText: string
  /** `2.10.3` */
  readonly airflow: string
  /** `mw1.small` */
  readonly size: string
  readonly bucket: string
  /** Folder of the DAGs in the bucket. */
  readonly folder: string
  /** Null where it has none. */
  readonly requirements: { readonly key: string; readonly version: string } | null
  /** Host of its web pages. */
  readonly webserver: string
  /** Reached from inside its own network only. */
  readonly privateOnly: boolean
  /** Where connections are looked for in Secrets Manager; null where it does not look there. */
  readonly secrets: SecretsBackend | null
  /** ARN of the role that it works as. */
  readonly role: string
  /** What went wrong last; null where nothing did. */
  readonly problem: string | null
}

export interface SecretsBackend {
  readonly prefix: string
  /** Regular expression of Python that ids are looked for by; null for all. */
  readonly pattern: string | null
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
const environmentSchema = z.object({
  Name: text,
  Status: text,
  AirflowVersion: text,
  EnvironmentClass: text,
  SourceBucketArn: text,
  DagS3Path: text,
  RequirementsS3Path: text,
  RequirementsS3ObjectVersion: text,
  WebserverUrl: text,
  WebserverAccessMode: text,
  ExecutionRoleArn: text,
  AirflowConfigurationOptions: z.record(z.string(), z.string()).nullish(),
  LastUpdate: z
    .object({
      Status: text,
      Error: z.object({ ErrorCode: text, ErrorMessage: text }).nullish(),
    })
    .nullish(),
})

/** Names, in MWAA's order. Rejects with AppError. */
export async function listEnvironments(access: AwsAccess): Promise<string[]> {
  const names: string[] = []
  for (let NextToken = '', more = true; more; more = NextToken !== '') {
    const page = await mwaaCall(access, {
      ...{ method: 'GET', host: 'api', path: ['environments'], repeatable: true, what: 'the environments' },
      query: NextToken === '' ? {} : { NextToken },
      answer: z.object({ Environments: z.array(z.string()), NextToken: text }),
    })
    names.push(...page.Environments)
    NextToken = page.NextToken
  }
  return names
}

/** Rejects with AppError MWAA_UNKNOWN, AWS_…. */
export async function getEnvironment(
  access: AwsAccess,
  name: string,
  timeoutMs?: number,
): Promise<MwaaEnvironment> {
  const call = {
    ...({ method: 'GET', host: 'api', path: ['environments', name], repeatable: true, what: name } as const),
    answer: z.object({ Environment: environmentSchema }),
  }
  const { Environment: found } = await mwaaCall(access, call, timeoutMs)
  const error = found.LastUpdate?.Error
  return {
    name: found.Name || name,
    status: statuses.find((status) => status === found.Status) ?? null,
    statusText: found.Status,
    airflow: found.AirflowVersion,
    size: found.EnvironmentClass,
    bucket: found.SourceBucketArn.split(':::')[1] ?? '',
    folder: found.DagS3Path.replace(/^\/+|\/+$/g, ''),
    requirements:
      found.RequirementsS3Path === ''
        ? null
        : { key: found.RequirementsS3Path, version: found.RequirementsS3ObjectVersion },
    webserver: found.WebserverUrl,
    privateOnly: found.WebserverAccessMode === 'PRIVATE_ONLY',
    secrets: secretsBackendOf(found.AirflowConfigurationOptions ?? {}),
    role: found.ExecutionRoleArn,
    problem:
      error == null ? null : [error.ErrorCode, error.ErrorMessage].filter((each) => each !== '').join(': '),
  }
}

/** Of the backend for secrets that looks in Secrets Manager; its own default is `airflow/connections`. */
function secretsBackendOf(options: Readonly<Record<string, string>>): SecretsBackend | null {
  if (!(options['secrets.backend'] ?? '').endsWith('.SecretsManagerBackend')) return null
  const read = z
    .object({
      connections_prefix: z.string().nullable().default('airflow/connections'),
      connections_lookup_pattern: z.string().nullable().default(null),
    })
    .safeParse(jsonOf(options['secrets.backend_kwargs'] ?? '{}'))
  if (!read.success) return { prefix: 'airflow/connections', pattern: null }
  const { connections_prefix: prefix, connections_lookup_pattern: pattern } = read.data
  return prefix === null ? null : { prefix, pattern }
}

/** Where a connection of this id is looked for; null where not in Secrets Manager. As Python's `re.match`, ignoring case. */
export function secretsPrefixFor(backend: SecretsBackend | null, id: string): string | null {
  if (backend === null) return null
  const { prefix, pattern } = backend
  try {
    return pattern === null || new RegExp(`^(?:${pattern})`, 'i').test(id) ? prefix : null
  } catch {
    // A pattern that only Python reads.
    return prefix
  }
}

/** MWAA then takes 10 to 30 minutes. Rejects with AppError. */
export async function setRequirements(
  access: AwsAccess,
  name: string,
  key: string,
  version: string,
): Promise<void> {
  await mwaaCall(access, {
    ...{ method: 'PATCH', host: 'api', path: ['environments', name], repeatable: true, what: name },
    body: { RequirementsS3Path: key, RequirementsS3ObjectVersion: version },
    answer: z.object({}),
  })
}

/** A way in to the web pages, for 60 s. Rejects with AppError. */
export async function webLogin(
  access: AwsAccess,
  name: string,
): Promise<{ readonly host: string; readonly token: string }> {
  const { WebServerHostname, WebToken } = await mwaaCall(access, {
    ...{ method: 'POST', host: 'env', path: ['webtoken', name], repeatable: true, what: name },
    answer: z.object({ WebServerHostname: z.string(), WebToken: z.string() }),
  })
  return { host: WebServerHostname, token: WebToken }
}
