/** The connectivity doctor's links, in the order in which they are looked at, and what the app can do about a bad one. */
import { z } from 'zod'

/** What each link is called, on the page and in the terminal. */
export const doctorTitles = {
  credentials: 'AWS credentials',
  instance: 'EC2 instance',
  securityGroup: 'Security group',
  'jump.key': 'Jump host: key',
  'jump.tcp': 'Jump host: TCP',
  'jump.hostKey': 'Jump host: host key',
  'jump.signIn': 'Jump host: sign-in',
  key: 'Key',
  tcp: 'TCP',
  hostKey: 'Host key',
  signIn: 'Sign-in',
  facts: 'Machine',
  kafkaUnit: 'Kafka unit',
  proxyUnit: 'Proxy unit',
  proxy: 'REST proxy',
  brokerNames: 'Broker names',
  brokerPort: 'Broker port',
  tls: 'TLS',
  sasl: 'SASL',
  metadata: 'Metadata',
  advertised: 'Advertised names',
  topics: 'Topics',
  groups: 'Consumer groups',
} as const

export type DoctorLinkId = keyof typeof doctorTitles
export const doctorLinkIds = Object.keys(doctorTitles) as [DoctorLinkId, ...DoctorLinkId[]]

/** What the app can do about a bad link: by itself, or on a page that it opens. */
export const doctorActionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('startInstance'), instance: z.string() }),
  z.object({ kind: z.literal('setUp'), step: z.enum(['broker', 'proxy', 'topics']) }),
  z.object({ kind: z.literal('open'), page: z.enum(['/aws', '/machine', '/topics', '/settings']) }),
])
export type DoctorAction = z.infer<typeof doctorActionSchema>

/** The words of a button for it. */
export function actionTitle(action: DoctorAction): string {
  if (action.kind === 'startInstance') return 'Start the instance'
  if (action.kind === 'open') return pages[action.page]
  return { broker: 'Set up Kafka', proxy: 'Set up the proxy', topics: 'Create the topics' }[action.step]
}

const pages = {
  '/aws': 'Open AWS',
  '/machine': 'Open Machine',
  '/topics': 'Open Topics',
  '/settings': 'Open Settings',
} as const

/** The same in the terminal, without the program's name; null where only a person can do it. `pipeline` null is the active one. */
export function actionCommand(action: DoctorAction, pipeline: string | null): string | null {
  const of = pipeline === null ? '' : ` --pipeline ${pipeline}`
  if (action.kind === 'startInstance') return `machines start ${action.instance}${of}`
  if (action.kind === 'setUp') return `setup --only ${action.step}${of}`
  const look = { '/machine': 'host test', '/aws': 'aws test', '/topics': 'topics list', '/settings': null }[
    action.page
  ]
  return look === null ? null : `${look}${of}`
}
