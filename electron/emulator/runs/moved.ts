/** A part that comes back at another address: a run that works with the old one ends, since nobody or a stranger is there now. */
import type { SinkId } from '../../../shared/emulation.ts'
import type { ErrorDetail } from '../../../shared/errors.ts'
import type { Targets } from '../targets.ts'

const names = { gatewayUrl: 'The gateway', kafkaBootstrap: 'Kafka', kinesisEndpoint: 'Kinesis' } as const
type Address = keyof typeof names
type Addresses = Pick<Targets, Address>

/** Where each sink sends to, and where its report reads from; null where no address is involved. */
const addressOf: Readonly<Record<'run' | 'verify', Readonly<Record<SinkId, Address | null>>>> = {
  run: {
    rest: 'gatewayUrl',
    streams: 'gatewayUrl',
    kafka: 'kafkaBootstrap',
    kinesis: 'kinesisEndpoint',
    file: null,
  },
  verify: {
    rest: 'kafkaBootstrap',
    kafka: 'kafkaBootstrap',
    streams: 'kinesisEndpoint',
    kinesis: 'kinesisEndpoint',
    file: null,
  },
}

/**
 * Why a worker that was given `then` cannot go on, or null. A part that is only down has no address now: it comes back at
 * the same one as a rule (the port book keeps it), and the run waits for that.
 */
export function moved(
  mode: 'run' | 'verify',
  sinks: readonly SinkId[],
  then: Addresses,
  now: Addresses,
): ErrorDetail | null {
  for (const sink of sinks) {
    const address = addressOf[mode][sink]
    if (address === null) continue
    const [from, to] = [then[address], now[address]]
    if (from && to && from !== to) return movedAway(names[address], from, to)
  }
  return null
}

/** What is under way at parts that did not move may be answered this long, ms; retries end at the same time. */
const patienceMs = 5_000

/**
 * Calls `stop` as soon as a look at any change says so, and once more for what is then still under way: a request to the
 * old address may be tried for a minute. Answers how to end the watch. A pipeline that cannot be asked has not moved.
 */
export function watchMoves(
  look: () => Promise<ErrorDetail | null>,
  onChange: (listener: () => void) => () => void,
  stop: (problem: ErrorDetail) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined
  let over = false
  const check = async () => {
    const problem = await look().catch(() => null)
    if (over || problem === null) return
    over = true
    leave()
    stop(problem)
    timer = setTimeout(() => stop(problem), patienceMs)
  }
  const leave = onChange(() => void check())
  // It may have moved between the moment its address was asked for and now.
  void check()
  return () => {
    over = true
    leave()
    clearTimeout(timer)
  }
}

const movedAway = (name: string, from: string, to: string): ErrorDetail => ({
  code: 'RUN_TARGET_MOVED',
  message: `${name} moved from ${from} to ${to} in the meantime, and nothing may go to the old address any more`,
  hint: 'Press Verify for what arrived, and start a new run for the rest: both use the new address. If another program took the port, Activity and Set-up name it.',
})
