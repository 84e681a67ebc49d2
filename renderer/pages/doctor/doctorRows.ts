/** From what the doctor found to one sentence about all of it. */
import type { Doctor, DoctorLink } from '../../../shared/contract/doctor.ts'
import { doctorTitles } from '../../../shared/doctor.ts'

/** Null before the first look. */
export function summaryOf(found: Doctor | null, busy: boolean): string {
  if (found === null) return 'Each link of the way from here to Kafka and its proxy. Nothing is changed.'
  const working = found.links.find(({ state }) => state === 'working')
  if (busy && working !== undefined) return `Looking at ${doctorTitles[working.id]} …`
  if (!found.done) return 'Stopped. What was not looked at is open.'
  const bad = found.links.filter(({ state }) => state === 'bad')
  const [first] = bad
  if (first !== undefined)
    return `${count(bad.length, 'link')} failed. Begin with the first: ${doctorTitles[first.id]}.`
  const warn = found.links.filter(({ state }) => state === 'warn').length
  return warn === 0
    ? 'The way is good.'
    : `The way is open; ${count(warn, 'link')} need${warn === 1 ? 's' : ''} a look.`
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`

/** A stopped look leaves no link that seems to go on. */
export const settledState = (state: DoctorLink['state'], busy: boolean): DoctorLink['state'] =>
  state === 'working' && !busy ? 'waiting' : state
