/** The contract's branch `overview`: the map of the whole pipeline, looked at once a second while somebody watches. */
import type { RunningIncident } from '../../shared/contract/incidents.ts'
import type { MapNode, Overview } from '../../shared/contract/local.ts'
import type { NotebookRunHead } from '../../shared/contract/notebooks.ts'
import type { Pipeline } from '../../shared/contract/settings.ts'
import type { RunSnapshot } from '../../shared/emulation.ts'
import { toErrorDetail } from '../../shared/errors.ts'
import type { KafkaWorkbench } from '../clients/kafka/workbench.ts'
import { pause } from '../lib/broadcast.ts'
import type { LocalStack } from '../local/stack.ts'
import type { Pipelines } from './deps.ts'
import { foundNodes, headline, isElsewhere, marked, type Seen, sum } from './overviewNodes.ts'
import { rateMeter } from './rateMeter.ts'
import { api } from './rpc.ts'
import type { Stacks } from './stacks.ts'

export interface OverviewDeps {
  readonly pipelines: Pipelines
  readonly stacks: Stacks
  /** The run that works now or worked last; null if there was none. */
  latestRun(pipeline: string): RunSnapshot | null
  /** What is practised now. */
  incident(pipeline: string): RunningIncident | null
  /** The newest run of a notebook; null where there was none. */
  latestNotebook(pipeline: string): Promise<NotebookRunHead | null>
  /** Wherever the pipeline's Kafka is. */
  kafka(pipeline: string): Promise<Pick<KafkaWorkbench, 'logs' | 'offsets'>>
}

const lookEveryMs = 1_000

/** What the broker answers, or null at once when it goes away: a client tries again by itself for many seconds. */
async function whileThere<T>(stack: LocalStack, answer: Promise<T>): Promise<T | null> {
  const gone = Promise.withResolvers<null>()
  const look = () => {
    if (stack.broker.running() === null) gone.resolve(null)
  }
  const leave = stack.onChange(look)
  look()
  try {
    return await Promise.race([answer, gone.promise])
  } finally {
    leave()
    answer.catch(() => {})
  }
}

export function overviewFeature({
  pipelines,
  stacks,
  latestRun,
  incident: incidentOn,
  latestNotebook,
  kafka: kafkaOf,
}: OverviewDeps) {
  const messagesOf = async (
    pipeline: Pipeline,
    stack: LocalStack,
  ): Promise<Pick<Seen, 'messages' | 'silent'>> => {
    const elsewhere = isElsewhere(pipeline)
    const somewhere = elsewhere
      ? pipeline.settings.endpoints.bootstrap !== ''
      : stack.broker.running() !== null
    if (!somewhere) return { messages: null, silent: null }
    const ask = async () => {
      const kafka = await kafkaOf(pipeline.id)
      const names = Object.values(pipeline.names.topics)
      const logs = await kafka.logs(names)
      // One that is missing says so as an error.
      for (const name of names) if (!logs.has(name)) logs.set(name, await kafka.offsets(name))
      return new Map(
        [...logs].map(([name, log]) => [
          name,
          log.reduce((total, { low, high }) => total + Number(high - low), 0),
        ]),
      )
    }
    try {
      return { messages: elsewhere ? await ask() : await whileThere(stack, ask()), silent: null }
    } catch (thrown) {
      // Ours is being started, restarted or recreated: unknown for this moment, and shown as a dash.
      const { code, message, hint } = toErrorDetail(thrown)
      return { messages: null, silent: elsewhere ? { code, message, hint } : null }
    }
  }

  const look = async (id: string, rate: Seen['rate']): Promise<Overview> => {
    const pipeline = pipelines.get(id)
    const stack = stacks.of(id)
    // Asked at one moment: else, after the pace changed, the hops would differ by what passed between two tellings.
    const [{ messages, silent }, notebook] = await Promise.all([
      messagesOf(pipeline, stack),
      latestNotebook(id),
      stack.look(),
    ])
    const run = latestRun(id)
    const seen: Seen = {
      pipeline,
      stack,
      run,
      numbers: stack.numbers(),
      messages,
      silent,
      incident: incidentOn(id),
      notebook,
      rate,
    }
    const nodes = foundNodes(seen).map((node) => marked(node, seen.incident))
    const byId = new Map(nodes.map((node) => [node.id, node]))
    const rateOf = (node: MapNode['id']) => sum((byId.get(node)?.rows ?? []).map((row) => row.rate))
    const through = (prefix: string) => {
      const values = Object.entries(seen.numbers)
        .filter(([name]) => name.startsWith(prefix))
        .map(([, value]) => value)
      return rate(prefix, stack.stack.running() === null ? null : (sum(values) ?? 0))
    }
    const [toKafka, toKinesis] = [through('gateway.topic.'), through('gateway.stream.')]
    return {
      at: Date.now(),
      // Kept down for practice is no stop.
      running: stack.running() || stack.broker.held() !== null,
      since: stack.since(),
      headline: headline(seen, nodes),
      nodes,
      hops: [
        { from: 'emulator', to: 'gateway', rate: sum([toKafka, toKinesis]) },
        { from: 'gateway', to: 'kafka', rate: rateOf('kafka') },
        { from: 'gateway', to: 'kinesis', rate: rateOf('kinesis') },
        { from: 'kafka', to: 'lake', rate: rate('lake', byId.get('lake')?.total ?? null) },
        { from: 'lake', to: 'notebooks', rate: null },
      ],
      runId: run?.runId ?? null,
    }
  }

  return api.overview.router({
    watch: api.overview.watch.handler(async function* ({ input, signal }) {
      const meter = rateMeter()
      while (!signal?.aborted) {
        yield await look(input.pipeline, meter)
        await pause(lookEveryMs, signal)
      }
    }),
  })
}
