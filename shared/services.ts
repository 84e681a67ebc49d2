/** What the app keeps running on a machine: its names, what can be done to it, and what is asked before. */
import { z } from 'zod'

export const serviceIds = ['kafka', 'gateway'] as const
export const serviceIdSchema = z.enum(serviceIds)
export type ServiceId = z.infer<typeof serviceIdSchema>

export const serviceTitles: Readonly<Record<ServiceId, string>> = {
  kafka: 'Kafka broker',
  gateway: 'REST gateway',
}

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
