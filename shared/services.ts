/** What the app keeps running on a machine: its names, what can be done to it, and what is asked before. */
import { z } from 'zod'

/** What can answer HTTP there as a REST proxy: this app's own gateway, or Confluent's. */
export const proxyIds = ['gateway', 'confluent'] as const
export type ProxyId = (typeof proxyIds)[number]
export const proxyChoiceSchema = z.enum([...proxyIds, 'none'])
export type ProxyChoice = z.infer<typeof proxyChoiceSchema>

/** Where Kafka runs: a broker on the machine itself, or Amazon MSK beside it. */
export const brokerChoiceSchema = z.enum(['machine', 'msk'])
export type BrokerChoice = z.infer<typeof brokerChoiceSchema>

export const serviceIds = ['kafka', ...proxyIds] as const
export const serviceIdSchema = z.enum(serviceIds)
export type ServiceId = z.infer<typeof serviceIdSchema>

export const serviceTitles: Readonly<Record<ServiceId, string>> = {
  kafka: 'Kafka broker',
  gateway: 'REST gateway',
  confluent: 'Confluent REST proxy',
}

/** What a person chooses from, and what speaks for and against each. */
export const proxyTexts: Readonly<Record<ProxyChoice, { readonly label: string; readonly help: string }>> = {
  gateway: {
    label: 'This app’s gateway',
    help: 'Topics and Kinesis streams. 120 MB on disk and little memory: for any machine.',
  },
  confluent: {
    label: 'Confluent REST Proxy',
    help: 'The original, for topics alone. A second Java: 1.8 GiB of memory, and 2 GiB of disk while it is installed.',
  },
  none: { label: 'None', help: 'Kafka alone; whatever answered HTTP there is taken away.' },
}

/** What a person chooses from, and what it means for the machine. */
export const brokerTexts: Readonly<Record<BrokerChoice, { readonly label: string; readonly help: string }>> =
  {
    machine: { label: 'On this machine', help: 'One broker of its own: the messages lie on its disk.' },
    msk: {
      label: 'Amazon MSK, by IAM',
      help: 'The cluster chosen on the page AWS, or the only one there is. The machine gets Kafka’s tools and the IAM jar, and signs as its instance profile.',
    },
  }

/** What runs on a machine that is set up like this. */
export const servicesWith = (wanted: {
  readonly broker: BrokerChoice
  readonly proxy: ProxyChoice
}): readonly ServiceId[] => [
  ...(wanted.broker === 'machine' ? (['kafka'] as const) : []),
  ...(wanted.proxy === 'none' ? [] : [wanted.proxy]),
]

export const serviceActions = ['restart', 'stop', 'start'] as const
export type ServiceAction = (typeof serviceActions)[number]

export interface ServiceQuestion {
  readonly title: string
  readonly text: string
  /** The word on the button that agrees. */
  readonly agree: string
}

/** What a person is asked first; null where nobody is interrupted by it. Nothing is lost by either: the log stays. */
export function serviceQuestion(service: ServiceId, action: ServiceAction): ServiceQuestion | null {
  if (service !== 'kafka' || action === 'start') return null
  return action === 'restart'
    ? {
        title: 'Restart the broker?',
        text: 'Producers and consumers wait some ten seconds until it answers again. Its messages stay.',
        agree: 'Restart',
      }
    : {
        title: 'Stop the broker?',
        text: 'Nothing can be produced or read until it is started again; it starts at the next boot of the machine. Its messages stay.',
        agree: 'Stop',
      }
}
