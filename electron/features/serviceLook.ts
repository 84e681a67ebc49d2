/** How the services of a machine stand: asked once, or again and again while somebody watches. */
import type { Service, ServicesNow, ServicesView } from '../../shared/contract/services.ts'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import { servicesWith } from '../../shared/services.ts'
import { mayPass, sshProblem } from '../clients/ssh/errors.ts'
import { plainText } from '../clients/ssh/lines.ts'
import { pause } from '../lib/broadcast.ts'
import {
  type Look,
  lastLinesScript,
  lookScript,
  parseLook,
  parseSizes,
  sizesScript,
} from '../plans/kafkaHost/serviceCommands.ts'
import { type HostRootDeps, rootOn } from './hostRoot.ts'

const lookEveryMs = 2_000
/** A host that answers does so in some 50 ms; one that does not is told of after this, ms. */
const lookWithinMs = 8_000
const retryEveryMs = 2_000
/** `du` reads the whole folder, ms. */
const sizesEveryMs = 30_000
/** sudo writes each of its uses to the journal: a service that fails again and again is not asked for its words more often, ms. */
const wordsEveryMs = 10_000
const lastLines = 10

type Folders = ServicesView['machine']['folders']

/** One watcher's memory between two looks. */
interface Memory {
  sizes: Folders
  sizedAt: number
  readonly words: Map<string, { readonly key: string; readonly at: number; readonly lines: string[] }>
  /** We may not read the journal: a refused password is never tried again by itself. */
  refused: boolean
}

const freshMemory = (): Memory => ({ sizes: [], sizedAt: 0, words: new Map(), refused: false })

/** Those that are there, and those that this pipeline wants there. Throws AppError HOST_NONE, SSH_…. */
export async function askServices(
  deps: HostRootDeps,
  pipeline: string,
  signal: AbortSignal,
): Promise<Look & { host: string }> {
  const host = await deps.links.of(pipeline)
  const limit = AbortSignal.timeout(lookWithinMs)
  const lines: string[] = []
  try {
    await host.exec('sh -s', {
      stdin: lookScript,
      onLine: (line, from) => from === 'out' && lines.push(line),
      signal: AbortSignal.any([signal, limit]),
    })
  } catch (thrown) {
    if (limit.aborted && !signal.aborted) throw sshProblem('timeout', host.name, thrown)
    throw thrown
  }
  const look = parseLook(lines)
  if (look !== null) {
    const wanted = servicesWith(deps.pipelines.get(pipeline).settings.kafkaHost)
    const services = look.services.filter(({ id, installed }) => installed || wanted.includes(id))
    return { ...look, services, host: host.name }
  }
  throw new AppError({
    code: 'SSH_FACTS',
    message: `The host does not answer like Linux: ${host.name}`,
    hint: 'Choose a machine with Amazon Linux, Debian or Ubuntu, and a user whose login shell runs commands.',
  })
}

/** Throws AppError SSH_…. */
async function measure(deps: HostRootDeps, pipeline: string, signal: AbortSignal): Promise<Folders> {
  const host = await deps.links.of(pipeline)
  return parseSizes((await host.exec('sh -s', { stdin: sizesScript, signal })).stdout)
}

const failing = ({ state, subState }: Pick<Service, 'state' | 'subState'>) =>
  state === 'failed' || subState === 'auto-restart'

/** Its last words; none where it does not fail, or where we may not read the journal. */
async function words(
  deps: HostRootDeps,
  pipeline: string,
  service: Look['services'][number],
  memory: Memory,
  signal: AbortSignal,
): Promise<string[]> {
  if (!failing(service) || memory.refused) return []
  const key = `${service.state} ${service.since} ${service.restarts}`
  const known = memory.words.get(service.id)
  if (known !== undefined && (known.key === key || Date.now() - known.at < wordsEveryMs)) return known.lines
  const root = await rootOn(deps, pipeline, signal)
  const { stdout } = await root.run(lastLinesScript(service.id, lastLines), { signal })
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => plainText(line).slice(0, 2_000))
  memory.words.set(service.id, { key, at: Date.now(), lines })
  return lines
}

/** Whether asking again, without a person doing anything, may help. A refused sign-in is never tried again by itself. */
export const passes = (thrown: unknown): boolean =>
  mayPass(thrown) || (thrown instanceof AppError && ['SSH_CLOSED', 'SSH_SESSIONS_FULL'].includes(thrown.code))

async function view(
  deps: HostRootDeps,
  pipeline: string,
  memory: Memory,
  signal: AbortSignal,
): Promise<ServicesView> {
  const { host, at, owner, machine, services } = await askServices(deps, pipeline, signal)
  const withWords = async (service: Look['services'][number]): Promise<Service> => ({
    ...service,
    lastLines: await words(deps, pipeline, service, memory, signal).catch((thrown) => {
      if (passes(thrown) || signal.aborted) throw thrown
      memory.refused = true
      return []
    }),
  })
  return {
    host,
    at,
    owner,
    machine: { ...machine, folders: memory.sizes },
    services: await Promise.all(services.map(withWords)),
  }
}

/** Throws AppError HOST_NONE, SSH_…. */
export async function lookOnce(
  deps: HostRootDeps,
  pipeline: string,
  signal: AbortSignal,
): Promise<ServicesView> {
  const memory = freshMemory()
  memory.sizes = await measure(deps, pipeline, signal)
  return view(deps, pipeline, memory, signal)
}

/** The last that is known stays in view while the machine does not answer; it ends where only a person can help. */
export async function* watchServices(
  deps: HostRootDeps,
  pipeline: string,
  signal: AbortSignal,
): AsyncGenerator<ServicesNow, void, void> {
  const memory = freshMemory()
  let last: ServicesView | null = null
  while (!signal.aborted) {
    if (last !== null && ['lost', 'connecting'].includes(deps.links.state(pipeline)))
      yield { view: last, problem: { ...toErrorDetail(sshProblem('lost', last.host)) }, retrying: true }
    if (Date.now() - memory.sizedAt > sizesEveryMs) {
      memory.sizedAt = Date.now()
      // Beside the look, which does not wait for it; where it fails, the look says why.
      measure(deps, pipeline, signal).then(
        (sizes) => {
          memory.sizes = sizes
        },
        () => {},
      )
    }
    try {
      last = await view(deps, pipeline, memory, signal)
      yield { view: last, problem: null, retrying: true }
      await pause(lookEveryMs, signal)
    } catch (thrown) {
      if (signal.aborted) return
      const retrying = passes(thrown)
      yield { view: last, problem: { ...toErrorDetail(thrown) }, retrying }
      if (!retrying) return
      await pause(retryEveryMs, signal)
    }
  }
}
