/** The links to the brokers: their names, their port, what the cluster says of itself, and whether what it advertises can be reached. */
import { isIP } from 'node:net'
import type { DoctorAction } from '../../../shared/doctor.ts'
import type { PipelineSettings } from '../../../shared/settings.ts'
import { parseAddress } from '../../clients/kafka/cluster.ts'
import { type ClusterGlance, glanceAt } from '../../clients/kafka/glance.ts'
import type { KafkaSecurity } from '../../clients/kafka/security.ts'
import { fromHere, fromMachine, type Reach } from '../../clients/reach.ts'
import type { SshHost } from '../../clients/ssh/types.ts'
import { isLoopback } from '../../lib/network.ts'
import { accessParts } from './accessLooks.ts'
import { type Found, notUsed, type Part, single } from './chain.ts'

export interface BrokerLookDeps {
  readonly settings: PipelineSettings
  /** Null where this computer opens the connections itself. */
  readonly host: (() => Promise<SshHost>) | null
  /** How the brokers are spoken to; null in clear. */
  security(): Promise<KafkaSecurity | null>
  /** This app's own Kafka is on the machine: then it can be set up again. */
  kafkaIsOurs(): boolean
}

export interface Address {
  readonly host: string
  readonly port: number
}

const text = ({ host, port }: Address) => `${host.includes(':') ? `[${host}]` : host}:${port}`

export function brokerParts({ settings, host, security, kafkaIsOurs }: BrokerLookDeps): Part[] {
  const { bootstrap, through, kafkaAccess: kind } = settings.endpoints
  if (bootstrap === '')
    return [
      notUsed(
        ['brokerNames', 'brokerPort', 'tls', 'sasl', 'metadata', 'advertised'],
        'this pipeline has no address of Kafka',
      ),
    ]
  const way = host === null ? [] : (['signIn'] as const)
  const places = () => bootstrap.split(',').map(parseAddress)
  const reach = async (): Promise<Reach> => (host === null ? fromHere : fromMachine(await host()))
  /** Of the bootstrap addresses those that open. */
  let open: Address[] = []
  let seen: ClusterGlance | null = null
  const setUp: DoctorAction = { kind: 'setUp', step: 'broker' }

  return [
    single('brokerNames', way, async (signal) => brokerNames(places(), await reach(), through, signal)),
    single('brokerPort', [...way, 'brokerNames'], async (signal) => {
      const from = await reach()
      const tried = await tryAll(places(), from, signal)
      open = tried.filter(({ why }) => why === null).map(({ at }) => at)
      const closed = tried.filter(({ why }) => why !== null)
      if (closed.length === 0) return { state: 'good', text: `${list(open)} opens from ${from.from}` }
      const all = open.length === 0
      return {
        state: all ? 'bad' : 'warn',
        text: all ? '' : `${list(open)} opens from ${from.from}`,
        problem: {
          code: 'DOCTOR_BROKER_CLOSED',
          message: `${all ? 'No broker' : 'Not every broker'} can be reached from ${from.from}: ${closed.map(said).join(', ')}`,
          hint: through === 'machine' ? hints.closedThere : hints.closedHere,
        },
        faults: ['F-09'],
        action: all && kafkaIsOurs() ? setUp : null,
      }
    }),
    ...accessParts({
      kind,
      security,
      places: async () => {
        const via = host === null ? null : await host()
        return open.map((place) => ({ ...place, via }))
      },
    }),
    single('metadata', ['brokerPort', 'tls', 'sasl'], async () => {
      const at = {
        bootstrap: open.map(text),
        clientId: 'pipeline-control-doctor',
        security: await security(),
      }
      seen = await glanceAt(at, host === null ? null : await host())
      const { clusterId, brokers } = seen
      return {
        state: brokers.length === 0 ? 'bad' : 'good',
        text: `cluster ${clusterId}, ${brokers.length} broker${brokers.length === 1 ? '' : 's'}`,
      }
    }),
    single('advertised', ['metadata'], async (signal) => {
      const from = await reach()
      const brokers = seen?.brokers ?? []
      const tried = await tryAll(brokers, from, signal)
      const found = judgeAdvertised(tried, { given: places(), from: from.from, direct: host === null })
      const ours = found.state === 'bad' && kafkaIsOurs()
      return { ...found, action: ours ? setUp : null }
    }),
  ]
}

const hints = {
  closedThere:
    'Is Kafka running, and is this its port? The security group of the brokers must let the machine in (F-09).',
  closedHere:
    'Is Kafka running, and is its port open to this computer? Private addresses need the machine: set “Kafka is reached” to “through the machine”.',
} as const

async function brokerNames(
  places: readonly Address[],
  from: Reach,
  through: 'direct' | 'machine',
  signal: AbortSignal,
): Promise<Found> {
  const names = [...new Set(places.map(({ host }) => host))].filter((host) => isIP(host) === 0)
  if (names.length === 0) return { state: 'good', text: 'addresses, no names' }
  const found = await Promise.all(
    names.map(async (name) => ({ name, addresses: await from.addresses(name, signal) })),
  )
  const unknown = found.filter(({ addresses }) => addresses.length === 0).map(({ name }) => name)
  const known = found
    .filter(({ addresses }) => addresses.length > 0)
    .map(({ name, addresses }) => `${name} is ${addresses.join(', ')}`)
    .join('; ')
  if (unknown.length === 0) return { state: 'good', text: known }
  return {
    state: unknown.length === names.length && names.length === places.length ? 'bad' : 'warn',
    text: known,
    problem: {
      code: 'DOCTOR_NAME_UNKNOWN',
      message: `${from.from} knows no address of ${unknown.join(', ')}`,
      hint:
        through === 'machine'
          ? 'Check the spelling, and that the machine is in the network (VPC) of the brokers.'
          : 'Check the spelling. Names of a private network resolve only inside it: set “Kafka is reached” to “through the machine”.',
    },
    faults: ['F-19'],
  }
}

export interface Tried {
  readonly at: Address
  /** Null where it opens. */
  readonly why: string | null
}

const tryAll = (places: readonly Address[], from: Reach, signal: AbortSignal): Promise<Tried[]> =>
  Promise.all(
    places.map(async ({ host, port }) => ({
      at: { host, port },
      why: await from.closed(host, port, signal),
    })),
  )

const list = (places: readonly Address[]) => places.map(text).join(', ')
const said = ({ at, why }: Tried) => `${text(at)} (${why})`

/** Pure; exported for its test. `direct` is false where the machine opens the connections. */
export function judgeAdvertised(
  tried: readonly Tried[],
  { given, from, direct }: { given: readonly Address[]; from: string; direct: boolean },
): Found {
  const closed = tried.filter(({ why }) => why !== null)
  const self = ({ host }: Address) => isLoopback(host) || host === '::1' || host === '0.0.0.0'
  // Seen from another computer, a broker that says "localhost" sends everybody to themselves.
  const selfish = given.some(self) ? [] : tried.filter(({ at }) => self(at))
  const open = tried.filter((each) => each.why === null && !selfish.includes(each))
  const opens = open.length === 0 ? '' : `${list(open.map(({ at }) => at))} opens from ${from}`
  if (selfish.length > 0) {
    const harmless = !direct && closed.length === 0
    return {
      state: harmless ? 'warn' : 'bad',
      text: opens,
      problem: {
        code: 'DOCTOR_ADVERTISED_SELF',
        message: `The broker tells clients to go to themselves: it advertises ${list(selfish.map(({ at }) => at))}`,
        hint: harmless
          ? 'That works only because it runs on the machine that opens the connections. Set advertised.listeners to the address others reach it at.'
          : 'Set advertised.listeners of the broker to the address that clients reach it at, and start it again.',
      },
      faults: ['F-09', 'F-19'],
    }
  }
  if (closed.length === 0) return { state: 'good', text: opens }
  return {
    state: open.length === 0 ? 'bad' : 'warn',
    text: opens,
    problem: {
      code: 'DOCTOR_ADVERTISED_CLOSED',
      message: `The bootstrap address answers, but what the broker advertises cannot be reached from ${from}: ${closed.map(said).join(', ')}`,
      hint: direct
        ? 'advertised.listeners of the broker must be an address that this computer reaches. A private one needs the machine: set “Kafka is reached” to “through the machine”.'
        : 'advertised.listeners of the broker must be an address that the machine reaches; set it there and start the broker again.',
    },
    faults: ['F-09', 'F-19'],
  }
}
