/** Secrets given in the environment, taken out of it before anything is started: no child inherits them. */

export const secretVariables = {
  password: 'PIPELINE_MYSQL_PASSWORD',
  gatewayKey: 'PIPELINE_GATEWAY_KEY',
  kafkaPassword: 'PIPELINE_KAFKA_PASSWORD',
  passphrase: 'PIPELINE_PASSPHRASE',
  awsKeyId: 'PIPELINE_AWS_ACCESS_KEY_ID',
  awsKey: 'PIPELINE_AWS_SECRET_ACCESS_KEY',
  awsToken: 'PIPELINE_AWS_SESSION_TOKEN',
  databricksToken: 'PIPELINE_DATABRICKS_TOKEN',
  sshPassphrase: 'PIPELINE_SSH_PASSPHRASE',
  sshPassword: 'PIPELINE_SSH_PASSWORD',
} as const

export type SecretVariables = Readonly<Partial<Record<keyof typeof secretVariables, string>>>

/** To be called once, first of all. */
export function takeSecrets(environment: NodeJS.ProcessEnv): SecretVariables {
  const taken = Object.entries(secretVariables).flatMap(([name, variable]) => {
    const value = environment[variable]
    delete environment[variable]
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(taken)
}
