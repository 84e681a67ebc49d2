/** The files that let Kafka's tools on the machine, and a proxy there, sign in to MSK by IAM. */
import { properties } from './properties.ts'
import { javaCurrent, kafkaCurrent, mskIamJar, places } from './wanted.ts'

export const clientFile = `${places.settings}/client.properties`
export const authoritiesFile = `${places.settings}/kafka-ca.pem`
/** Read by every login shell of the machine. */
export const shellFile = '/etc/profile.d/pipeline-control.sh'

export interface MskSignIn {
  readonly region: string
  /** The role that the machine's own identity takes on; empty for itself. */
  readonly role: string
  /** Of the role's session: it stays the same, since MSK lets no session change its principal (F-16). */
  readonly session: string
  /** Whether there is a file of authorities. */
  readonly authorities: boolean
}

/** MSK takes some connections a second by IAM, and a client that comes at once again and again is refused for longer (F-15), ms. */
const backoffMs = 1_000

/** What Kafka's Java clients are told (facts: apis 2). Everything in quotes, as JAAS wants it (F-12). */
export function mskClient({ region, role, session, authorities }: MskSignIn): Record<string, string> {
  const options =
    role === '' ? '' : ` awsRoleArn="${role}" awsRoleSessionName="${session}" awsStsRegion="${region}"`
  const iam = 'software.amazon.msk.auth.iam'
  return {
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'AWS_MSK_IAM',
    'sasl.jaas.config': `${iam}.IAMLoginModule required${options};`,
    'sasl.client.callback.handler.class': `${iam}.IAMClientCallbackHandler`,
    'reconnect.backoff.ms': String(backoffMs),
    ...(authorities ? { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': authoritiesFile } : {}),
  }
}

/** For `--command-config` of Kafka's tools. */
export const clientProperties = (signIn: MskSignIn): string => properties(mskClient(signIn))

/** Kafka's tools on the PATH, and the jar on the class path of every shell, not only of the one it was once exported in (F-05, F-06). */
export const shellText = `# Written by Pipeline Control; a change by hand is put back by the next Set up.
export PATH="$PATH:${kafkaCurrent}/bin"
export JAVA_HOME="\${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f ${javaCurrent}/bin/java)")")}"
export CLASSPATH="${mskIamJar}\${CLASSPATH:+:$CLASSPATH}"
`

const imds = 'http://169.254.169.254/latest'

/** Prints the name of the role that the machine has by its instance profile, asked by IMDSv2; nothing where it has none. */
export const roleScript = [
  `base=${imds}`,
  'if command -v curl >/dev/null; then',
  `token=$(curl -fsS -m 2 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$base/api/token" 2>/dev/null) &&`,
  'curl -fsS -m 2 -H "X-aws-ec2-metadata-token: $token" "$base/meta-data/iam/security-credentials/" 2>/dev/null',
  'elif command -v wget >/dev/null; then',
  `token=$(wget -qO- -T 2 -t 1 --method=PUT --header='X-aws-ec2-metadata-token-ttl-seconds: 60' "$base/api/token" 2>/dev/null) &&`,
  'wget -qO- -T 2 -t 1 --header="X-aws-ec2-metadata-token: $token" "$base/meta-data/iam/security-credentials/" 2>/dev/null',
  'fi; true',
].join('\n')
