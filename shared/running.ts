/** How long a machine has been running and what that came to, in words: the same on the page, in the terminal and in a reminder. */
import type { Running } from './contract/machines.ts'

const hourMs = 3_600_000

/** Dollars with the digits that matter at such amounts. */
export const dollars = (value: number): string => `$${value.toFixed(value < 0.1 ? 4 : 2)}`

/** `about $0.08 so far at $0.0208 an hour`, or that it is not known. */
export const costText = (cost: Running['cost']): string => {
  if (cost === null) return 'its price is not known'
  const { soFar, anHour } = cost
  return `about $${soFar.toFixed(soFar < 0.01 ? 4 : 2)} so far at ${dollars(anHour)} an hour`
}

/** `running for 4.2 h, about $0.09 so far at $0.0208 an hour`; without the rest where the price is not known. */
export const runningText = ({ ms, cost }: Running): string =>
  `running for ${(ms / hourMs).toFixed(1)} h${cost === null ? '' : `, ${costText(cost)}`}`
