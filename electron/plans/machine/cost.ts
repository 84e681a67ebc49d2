/** What the machine costs, in words: read from AWS's price list once for each type, told as unknown where that may not be. */
import type { Running } from '../../../shared/contract/machines.ts'
import { dollars } from '../../../shared/running.ts'
import { hourly, type MachinePrice, machinePrice } from '../../clients/aws/prices.ts'
import type { AwsAccess } from '../../clients/aws/types.ts'

const hourMs = 3_600_000

/** Where the list does not answer, those who look often do not ask it again before, ms. */
const askAgainMs = 600_000

export interface MachineCost {
  /** `about $0.0267 an hour …` */
  anHour(access: AwsAccess, type: string, diskGiB: number): Promise<string>
  /** What it came to since its last start. */
  since(access: AwsAccess, type: string, diskGiB: number, startedAt: number | null): Promise<string>
  /** What so many ms of running come to; null where the price is not known. Never rejects. */
  ofRun(access: AwsAccess, type: string, diskGiB: number, ms: number): Promise<Running['cost']>
}

export function machineCost(now: () => number = Date.now): MachineCost {
  const known = new Map<string, Promise<MachinePrice | string>>()
  const silent = new Map<string, number>()
  const keyOf = ({ region, endpoint }: AwsAccess, type: string) => `${region} ${endpoint} ${type}`
  const priceOf = (access: AwsAccess, type: string) => {
    const key = keyOf(access, type)
    const asked =
      known.get(key) ??
      machinePrice(access, type).then(
        (price) => price ?? 'AWS’s price list does not have it',
        (thrown: Error) => thrown.message,
      )
    known.set(key, asked)
    // Another identity may be allowed to ask.
    void asked.then((price) => typeof price === 'string' && known.delete(key))
    return asked
  }
  return {
    async anHour(access, type, diskGiB) {
      const price = await priceOf(access, type)
      if (typeof price === 'string') return `its price is not known: ${price}`
      const { instance, address } = price
      const total = hourly(price, diskGiB)
      return `about ${dollars(total)} an hour while it runs: ${dollars(instance)} the instance, ${dollars(address)} its public address, ${dollars(total - instance - address)} ${diskGiB} GiB of disk, which costs also while it is stopped (AWS’s price list, on demand, before tax)`
    },
    async since(access, type, diskGiB, startedAt) {
      const price = await priceOf(access, type)
      if (typeof price === 'string') return `its price is not known: ${price}`
      const total = hourly(price, diskGiB)
      if (startedAt === null) return `about ${dollars(total)} an hour`
      const hours = Math.max(0, now() - startedAt) / hourMs
      return `about ${dollars(total)} an hour, ${dollars(total * hours)} in the ${hours.toFixed(1)} h since its last start`
    },
    async ofRun(access, type, diskGiB, ms) {
      const key = keyOf(access, type)
      if (now() - (silent.get(key) ?? Number.NEGATIVE_INFINITY) < askAgainMs) return null
      const price = await priceOf(access, type)
      if (typeof price === 'string') {
        silent.set(key, now())
        return null
      }
      const anHour = hourly(price, diskGiB)
      return { anHour, soFar: (anHour * ms) / hourMs }
    },
  }
}
