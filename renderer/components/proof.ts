/** What the report of a run proves, in words: never more than was read. */
import type { Report } from '../../shared/emulation.ts'
import { count, counted } from './format.ts'

export interface Proof {
  readonly tone: 'good' | 'warn' | 'bad' | 'info'
  readonly title: string
  readonly hint?: string
  /** For a column of a list. */
  readonly short: string
}

export const placeNames = { kafka: 'Kafka', kinesis: 'Kinesis', lake: 'Lake' } as const

export function proofOf({ acknowledged, unaccounted, notRead = [] }: Report): Proof {
  if (unaccounted > 0) {
    return {
      tone: 'bad',
      title: `${counted(unaccounted, 'acknowledged record was', 'acknowledged records were')} not found at the right place.`,
      hint: 'The journal of the run and the data are kept. Verify again once everything runs.',
      short: `${count(unaccounted)} missing`,
    }
  }
  if (notRead.length > 0) {
    const places = notRead.map(({ place }) => placeNames[place]).join(', ')
    return {
      tone: 'warn',
      title: `Nothing is missing of what was read. Not read: ${places}.`,
      hint: 'What was not read proves nothing. Verify again once it can be reached.',
      short: 'partly read',
    }
  }
  if (acknowledged.kafka + acknowledged.kinesis === 0) {
    return {
      tone: 'info',
      title: 'No topic and no stream acknowledged a record, so there is nothing to read back.',
      short: 'nothing to find',
    }
  }
  return {
    tone: 'good',
    title: 'Every acknowledged record was read back at its place.',
    short: 'all found',
  }
}
