/** What each secret is called: the name says whose it is, so that one is never used for another. */

/** The password of a database user. */
export function databaseSecret(source: {
  readonly user: string
  readonly host: string
  readonly port: number
  readonly database: string
}): string {
  // Each part escaped, so that no two databases come to the same name.
  const [user, host, database] = [source.user, source.host, source.database].map(encodeURIComponent)
  return `mysql:${user}@${host}:${source.port}/${database}`
}

/** The AWS keys that were typed in for a pipeline, as JSON. */
export const awsSecret = (pipeline: string): string => `aws:${pipeline}`
/** What a machine may want of us, and which of the two machines on the way. */
export const hopSecrets = ['key', 'passphrase', 'password'] as const
export type HopSecret = (typeof hopSecrets)[number]
export type HopWhich = 'host' | 'jump'

/** A secret for the machine of a pipeline, or for the jump host before it. */
export const hostSecret = (pipeline: string, which: HopWhich, what: HopSecret): string =>
  `ssh-${what}:${pipeline}${which === 'jump' ? '/jump' : ''}`

/** All of a pipeline's machines. */
export const hostSecrets = (pipeline: string): string[] =>
  (['host', 'jump'] as const).flatMap((which) => hopSecrets.map((what) => hostSecret(pipeline, which, what)))

/** The password of a pipeline's user of Kafka. */
export const kafkaSecret = (pipeline: string): string => `kafka:${pipeline}`

/** The API key of a pipeline's gateway. */
export const gatewaySecret = (pipeline: string): string => `gateway:${pipeline}`

/** What signs in to a pipeline's Databricks workspace: a token, a service principal's secret, or a person's session. */
export const databricksSecret = (pipeline: string, what: 'token' | 'oauth' | 'browser'): string =>
  `databricks-${what}:${pipeline}`

export const databricksSecrets = (pipeline: string): string[] =>
  (['token', 'oauth', 'browser'] as const).map((what) => databricksSecret(pipeline, what))
