/** The incidents that take a part away or make it slower: the broker, one shard, the gateway. */
import { AppError } from '../../shared/errors.ts'
import type { IncidentOptions } from '../../shared/incidents.ts'
import { childNumber, countSince, type Practice, type PracticeContext } from './incidentParts.ts'

type Of<I extends IncidentOptions['id']> = Extract<IncidentOptions, { readonly id: I }>

/** What an incident has that makes no group and writes nothing. */
const plain = { group: null, places: () => [] } as const

const clock = (at: number): string => new Date(at).toTimeString().slice(0, 8)

export function brokerDown({ stack, until }: PracticeContext): Practice {
  const errors = countSince(childNumber(stack, 'stack', 'gateway.errors'))
  const began = Date.now()
  let upAgain: number | null = null
  return {
    ...plain,
    text: 'The broker was ended and is kept down.',
    begin: () =>
      stack.broker.hold({
        code: 'INCIDENT_BROKER_DOWN',
        message: `The broker is kept down by an incident until ${clock(until)}.`,
        hint: 'Wait until it is over, or end it now: page Incidents, or pipeline incidents end.',
      }),
    look: async () => {},
    gone: () => stack.broker.held() === null,
    facts: () => [
      { label: 'without a broker', value: (upAgain ?? Date.now()) - began, unit: 'ms' },
      { label: 'errors the gateway answered', value: errors(), unit: '' },
    ],
    async heal(closing) {
      if (closing) return
      await stack.broker.release()
      if (stack.broker.running() !== null) upAgain = Date.now()
      const problem = stack.broker.problem()
      if (problem !== null) throw new AppError(problem)
    },
  }
}

export async function throttledShard(
  { stack, pipeline, until }: PracticeContext,
  options: Of<'throttled-shard'>,
): Promise<Practice> {
  const { recordsPerSecond } = options
  const stream = options.stream ?? pipeline.names.streams.pin
  const shards = await stack.kinesisClient().shards(stream)
  const open = shards.filter(({ lastSequence }) => lastSequence === null)
  const shard = options.shard ?? open[0]?.id ?? ''
  if (!open.some(({ id }) => id === shard)) {
    throw new AppError({
      code: 'STREAM_NOT_FOUND',
      message: `${stream} has no open shard called ${shard}.`,
      hint: `There is ${open.map(({ id }) => id).join(', ')}.`,
      field: 'shard',
    })
  }
  const refused = countSince(childNumber(stack, 'kinesis', `throttled.${stream}`))
  const accepted = countSince(childNumber(stack, 'kinesis', `accepted.${stream}`))
  let lowered = 0
  const lower = async () => {
    const pid = stack.kinesis.running()?.pid ?? 0
    if (pid === 0 || pid === lowered) return
    await stack.limitShard({ stream, shard, recordsPerSecond, until })
    lowered = pid
  }
  return {
    ...plain,
    text: `${shard} of ${stream} takes ${recordsPerSecond} of 1,000 records a second.`,
    begin: lower,
    look: lower,
    gone: () => !stack.kinesis.wanted(),
    facts: () => [
      { label: `records refused in ${stream}`, value: refused(), unit: '' },
      { label: `records accepted in ${stream}`, value: accepted(), unit: '' },
    ],
    async heal() {
      if (stack.kinesis.running() === null) return
      await stack.limitShard({ stream, shard, recordsPerSecond: null, until: 0 })
    },
  }
}

export function slowGateway({ stack, until }: PracticeContext, { delayMs }: Of<'slow-gateway'>): Practice {
  const delayed = countSince(childNumber(stack, 'stack', 'gateway.delayed'))
  let slowed = 0
  const slow = async () => {
    const pid = stack.stack.running()?.pid ?? 0
    if (pid === 0 || pid === slowed) return
    await stack.slowGateway(delayMs, until)
    slowed = pid
  }
  return {
    ...plain,
    text: `The gateway holds back each answer by ${delayMs.toLocaleString('en-US')} ms.`,
    begin: slow,
    look: slow,
    gone: () => !stack.stack.wanted(),
    facts: () => {
      const held = delayed()
      const p99 = stack.numbers()['gateway.p99Ms'] ?? null
      return [
        { label: 'answers held back', value: held, unit: '' },
        // Before the first one it is the p99 of what was before.
        { label: 'p99 of the gateway', value: held === 0 ? null : p99, unit: 'ms' },
      ]
    },
    async heal() {
      if (stack.stack.running() === null) return
      await stack.slowGateway(0, 0)
    },
  }
}
