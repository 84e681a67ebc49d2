/** What an instance costs by AWS's own price list: on demand, Linux, before tax, US dollars. */
import type { PricingClient } from '@aws-sdk/client-pricing'
import { clientConfig } from './clientConfig.ts'
import { awsError } from './errors.ts'
import type { AwsAccess } from './types.ts'

/** The price list of all regions is served in three of them; this one is the first. */
const servedIn = 'us-east-1'
/** AWS counts a month as so many hours. */
export const hoursAMonth = 730

export interface MachinePrice {
  /** An hour of the instance while it runs. */
  readonly instance: number
  /** An hour of its public IPv4 address while it runs. */
  readonly address: number
  /** A GiB of its gp3 disk for a month, also while it is stopped. */
  readonly diskGiBMonth: number
}

/** Null where the list does not have them. Rejects with AppError. */
export async function machinePrice(access: AwsAccess, type: string): Promise<MachinePrice | null> {
  const { PricingClient } = await import('@aws-sdk/client-pricing')
  const client = new PricingClient({ ...clientConfig(access), region: servedIn })
  const regionCode = access.region
  try {
    const [instance, address, diskGiBMonth] = await Promise.all([
      onDemand(client, 'AmazonEC2', {
        regionCode,
        instanceType: type,
        operatingSystem: 'Linux',
        tenancy: 'Shared',
        preInstalledSw: 'NA',
        capacitystatus: 'Used',
      }),
      onDemand(client, 'AmazonVPC', { regionCode, group: 'VPCPublicIPv4Address' }),
      onDemand(client, 'AmazonEC2', { regionCode, productFamily: 'Storage', volumeApiName: 'gp3' }),
    ])
    if (instance === null || address === null || diskGiBMonth === null) return null
    return { instance, address, diskGiBMonth }
  } catch (thrown) {
    throw awsError(thrown, 'the price list')
  } finally {
    client.destroy()
  }
}

/** Dollars an hour while it runs, its disk included. */
export const hourly = (price: MachinePrice, diskGiB: number): number =>
  price.instance + price.address + (price.diskGiBMonth * diskGiB) / hoursAMonth

/** The dearest of what fits: one product may be listed with a free allowance beside its price. */
async function onDemand(
  client: PricingClient,
  ServiceCode: string,
  filters: Readonly<Record<string, string>>,
): Promise<number | null> {
  const { GetProductsCommand } = await import('@aws-sdk/client-pricing')
  const Filters = Object.entries(filters).map(([Field, Value]) => ({
    Type: 'TERM_MATCH' as const,
    Field,
    Value,
  }))
  const { PriceList = [] } = await client.send(new GetProductsCommand({ ServiceCode, Filters }))
  const prices = PriceList.flatMap((text: unknown) => pricesIn(JSON.parse(String(text))))
  return prices.length === 0 ? null : Math.max(...prices)
}

interface Product {
  readonly terms?: {
    readonly OnDemand?: Readonly<
      Record<string, { readonly priceDimensions?: Readonly<Record<string, PriceDimension>> }>
    >
  }
}
interface PriceDimension {
  readonly pricePerUnit?: { readonly USD?: string }
}

const pricesIn = ({ terms }: Product): number[] =>
  Object.values(terms?.OnDemand ?? {})
    .flatMap(({ priceDimensions = {} }) => Object.values(priceDimensions))
    .flatMap(({ pricePerUnit }) => (pricePerUnit?.USD === undefined ? [] : [Number(pricePerUnit.USD)]))
    .filter((price) => Number.isFinite(price))
