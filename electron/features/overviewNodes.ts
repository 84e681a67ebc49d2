/** The nodes of the overview's map and its headline, from what one look has found. */
import type { Problem } from '../../shared/contract/base.ts'
import type { RunningIncident } from '../../shared/contract/incidents.ts'
import type { MapNode } from '../../shared/contract/local.ts'
import type { NotebookRunHead } from '../../shared/contract/notebooks.ts'
import type { Pipeline } from '../../shared/contract/settings.ts'
import type { RunSnapshot } from '../../shared/emulation.ts'
import { kinds } from '../../shared/names.ts'
import { notebookTexts } from '../../shared/notebooks.ts'
import type { LocalStack } from '../local/stack.ts'

const plain = ({ code, message, hint }: Problem): Problem => ({ code, message, hint })

export function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0)
}

/** Nodes as they are found; what is done to them for practice is marked afterwards. */
type FoundNode = Omit<MapNode, 'incident'>

/** What one look has found. */
export interface Seen {
  readonly pipeline: Pipeline
  readonly stack: LocalStack
  readonly run: RunSnapshot | null
  readonly numbers: Readonly<Record<string, number>>
  /** End minus start offsets by topic; null while the broker does not answer. */
  readonly messages: ReadonlyMap<string, number> | null
  /** Why a Kafka that runs elsewhere does not answer. */
  readonly silent: Problem | null
  readonly incident: RunningIncident | null
  /** The newest run of a notebook on this computer. */
  readonly notebook: NotebookRunHead | null
  rate(key: string, total: number | null): number | null
}

function emulatorNode({ run }: Seen): FoundNode {
  const base = { id: 'emulator' as const, rows: [], problem: run?.problem ?? null }
  if (run === null) return { ...base, state: 'off', detail: 'no run yet', total: null }
  const { order, source } = run.options
  const working = ['starting', 'running', 'pausing', 'paused', 'stopping', 'verifying'].includes(run.state)
  const state = run.problem !== null ? 'bad' : run.counters.failed > 0 ? 'warn' : working ? 'good' : 'off'
  const data = source.kind === 'builtin' ? 'built-in data' : source.kind
  return { ...base, state, detail: `${run.state}, ${order}, ${data}`, total: run.posts }
}

function gatewayNode({ stack, numbers }: Seen): FoundNode {
  const running = stack.stack.running() !== null
  const accepted = Object.entries(numbers)
    .filter(([name]) => name.startsWith('gateway.topic.') || name.startsWith('gateway.stream.'))
    .map(([, value]) => value)
  const problem = stack.stack.problem()
  const p99 = numbers['gateway.p99Ms']
  const errors = numbers['gateway.errors'] ?? 0
  const detail = running ? `p99 ${p99 ? `${p99.toFixed(1)} ms` : '–'}, ${errors} errors` : 'stopped'
  const state = problem !== null ? 'bad' : running ? 'good' : 'off'
  return {
    id: 'gateway',
    state,
    detail,
    total: running ? (sum(accepted) ?? 0) : null,
    rows: [],
    problem: problem && plain(problem),
  }
}

/** Somebody else runs it: nothing here is started or stopped by us. */
export const isElsewhere = (pipeline: Pipeline) => pipeline.settings.kind === 'existing'

function kafkaNode({ pipeline, stack, messages, silent, rate }: Seen): FoundNode {
  const held = stack.broker.held() !== null
  const problem = silent ?? (held ? null : stack.broker.problem())
  const rows = kinds.map((kind) => {
    const name = pipeline.names.topics[kind]
    const total = messages?.get(name) ?? null
    return { name, label: kind, total, rate: rate(`kafka/${name}`, total) }
  })
  const { bootstrap } = isElsewhere(pipeline)
    ? pipeline.settings.endpoints
    : { bootstrap: stack.broker.running()?.address.bootstrap ?? '' }
  const stopped = isElsewhere(pipeline) ? 'no address given' : held ? 'kept down by an incident' : 'stopped'
  return {
    id: 'kafka',
    state: problem !== null ? 'bad' : bootstrap === '' ? 'off' : messages === null ? 'working' : 'good',
    detail: bootstrap === '' ? stopped : bootstrap,
    total: sum(rows.map((row) => row.total)),
    rows,
    problem: problem && plain(problem),
  }
}

/** The stream that an incident throttles: what it refuses is no fault. */
function limitedStream(pipeline: Pipeline, incident: RunningIncident | null): string | null {
  const options = incident?.options
  return options?.id === 'throttled-shard' ? (options.stream ?? pipeline.names.streams.pin) : null
}

function kinesisNode({ pipeline, stack, numbers, incident, rate }: Seen): FoundNode {
  const running = stack.kinesis.running()
  const problem = stack.kinesis.problem()
  const rows = kinds.map((kind) => {
    const name = pipeline.names.streams[kind]
    const total = running === null ? null : (numbers[`records.${name}`] ?? null)
    return { name, label: kind, total, rate: rate(`kinesis/${name}`, total) }
  })
  const practised = limitedStream(pipeline, incident)
  const throttled = rows.filter(({ name }) => {
    if (name === practised) return false
    const refused = rate(`throttled/${name}`, numbers[`throttled.${name}`] ?? null)
    return refused !== null && refused > 0
  })
  const throttle: Problem | null =
    throttled.length === 0
      ? null
      : {
          code: 'KINESIS_THROTTLED',
          message: `${throttled.map((row) => row.label).join(', ')}: more records than the shards take.`,
          hint: 'A shard takes 1,000 records or 1 MB a second. Spread the records with the partition key "index", or use more shards.',
        }
  return {
    id: 'kinesis',
    state: problem !== null ? 'bad' : throttle !== null ? 'warn' : running === null ? 'off' : 'good',
    detail: running === null ? 'stopped' : (running.address.endpoint ?? ''),
    total: sum(rows.map((row) => row.total)),
    rows,
    problem: problem !== null ? plain(problem) : throttle,
  }
}

function lakeNode({ stack, numbers }: Seen): FoundNode {
  const running = stack.stack.running() !== null
  const told = stack
    .problems()
    .find((problem) => 'part' in problem && String(problem.part).startsWith('lake'))
  const files = numbers['lake.files']
  return {
    id: 'lake',
    state: told ? 'bad' : running ? 'good' : 'off',
    detail:
      running && files !== undefined
        ? `${files.toLocaleString('en-US')} files, ${((numbers['lake.bytes'] ?? 0) / 1_000_000).toFixed(1)} MB`
        : 'stopped',
    total: running ? (numbers['lake.records'] ?? null) : null,
    rows: [],
    problem: told ? plain(told) : null,
  }
}

function notebooksNode({ notebook }: Seen): FoundNode {
  const base = { id: 'notebooks' as const, total: null, rows: [] }
  if (notebook === null) return { ...base, state: 'off', detail: 'no run yet', problem: null }
  const { state, progress, problem } = notebook
  const title = notebookTexts[notebook.notebook].title
  const detail = progress === null ? `${title}: ${state}` : progress.text
  return { ...base, state: notebookStates[state], detail, problem: state === 'failed' ? problem : null }
}

const notebookStates = {
  preparing: 'working',
  running: 'working',
  done: 'good',
  failed: 'bad',
  cancelled: 'off',
  interrupted: 'warn',
} as const

/** In the map's order; what is done to them for practice is marked afterwards. */
export const foundNodes = (seen: Seen): FoundNode[] => [
  ...[emulatorNode, gatewayNode, kafkaNode, kinesisNode, lakeNode, notebooksNode].map((node) => node(seen)),
]

/** Where each incident is seen. */
const incidentNodes = {
  'broker-down': 'kafka',
  'throttled-shard': 'kinesis',
  'slow-gateway': 'gateway',
  'bad-records': 'kafka',
  rebalance: 'kafka',
} as const

export function marked(node: FoundNode, incident: RunningIncident | null): MapNode {
  const here = incident !== null && incidentNodes[incident.options.id] === node.id
  return { ...node, incident: here ? { title: incident.title, text: incident.text } : null }
}

export function headline({ pipeline, stack, run, incident }: Seen, nodes: readonly MapNode[]): string {
  if (incident !== null) {
    const goes =
      run?.state === 'running' ? 'Posts are being sent meanwhile.' : 'Emulate to see what it does to posts.'
    return `An incident is practised: ${incident.title}. ${goes}`
  }
  const troubled = nodes.filter((node) => node.problem !== null).length
  const look =
    troubled === 0 ? '' : troubled === 1 ? ' One thing needs a look.' : ` ${troubled} things need a look.`
  const elsewhere = isElsewhere(pipeline)
  if (elsewhere && run?.state !== 'running' && run?.state !== 'paused')
    return `This pipeline runs elsewhere and is watched from here.${look}`
  if (!elsewhere && !stack.running()) {
    const some = stack.broker.running() !== null || stack.kinesis.running() !== null
    return some
      ? `Some parts are not running.${look}`
      : 'Nothing runs yet. Press Start to bring the pipeline up on this computer.'
  }
  if (run?.state === 'running')
    return `Posts flow at ${Math.round(run.postsPerSecond).toLocaleString('en-US')} a second.${look}`
  if (run?.state === 'paused') return `The emulation is paused.${look}`
  return `Everything is up and waits for posts. Press Emulate.${look}`
}
