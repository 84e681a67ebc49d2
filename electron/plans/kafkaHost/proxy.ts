/** The step that keeps exactly the wanted REST proxy running on the host, and takes away another one that we made there. */
import { type ProxyId, proxyIds, serviceTitles } from '../../../shared/services.ts'
import { listOf } from '../../clients/gatewayLists.ts'
import { fileSum } from '../../lib/download.ts'
import { quoteAll } from '../../lib/quote.ts'
import { until } from '../../lib/until.ts'
import { absent, present } from '../../plan/findings.ts'
import type { Finding, Step, StepContext } from '../../plan/step.ts'
import { send } from './archive.ts'
import { sumScript } from './archiveCommands.ts'
import { type KafkaHostDeps, rootOf } from './deps.ts'
import { fileChanges, writeFiles } from './hostFiles.ts'
import { proxiesOf } from './proxies.ts'
import { proxyPlaces } from './proxyPlaces.ts'
import { startUnit, unitState } from './units.ts'

/** A second Java takes half a minute on a small host, and waits for Kafka where that starts at the same time, ms. */
const answersWithinMs = 120_000
/** One that runs answers at once; ms. */
const lookMs = 8_000

export function proxyStep(deps: KafkaHostDeps): Step {
  const proxies = proxiesOf(deps)
  const address = () => `http://127.0.0.1:${deps.wanted().proxyPort}`
  /** Null where `GET /topics` answers, else why not. */
  const silent = async (signal: AbortSignal): Promise<string | null> => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(lookMs)])
    try {
      await listOf({ base: address(), connections: 1, via: deps.host() }, 'topics', limit)
      return null
    } catch (thrown) {
      signal.throwIfAborted()
      return thrown instanceof Error ? thrown.message : String(thrown)
    }
  }
  /** Of the program on this computer, and of what is there; both empty where an earlier step brings it. */
  const sumsOf = async (id: ProxyId, context: StepContext, signal: AbortSignal) => {
    const { program } = proxies[id]
    if (program === null) return { here: '', there: '' }
    const script = sumScript(program.to, 'sha256')
    const there = await rootOf(deps, context).must('Looking for it', script, { signal })
    return { here: await fileSum(program.from, 'sha256'), there: there.trim() }
  }
  /** Of ours there, and not the wanted one. */
  const others = (context: StepContext): readonly ProxyId[] =>
    proxyIds.filter((id) => {
      const { unit, runtime } = proxyPlaces[id]
      return id !== deps.wanted().proxy && (context.owns(unit) || deps.ledger.things(runtime.step).length > 0)
    })
  /** `whole`: also what it runs on, which no step wants any more. */
  const remove = async (id: ProxyId, whole: boolean, context: StepContext, signal: AbortSignal) => {
    const { unit, unitFile, settings, programs, runtime } = proxyPlaces[id]
    context.progress(null, `removing the ${serviceTitles[id]}`)
    const script = [
      `systemctl disable --now --quiet ${unit} 2>/dev/null`,
      `rm -rf ${quoteAll([unitFile, ...settings, ...programs])}`,
      ...(whole ? [`rm -rf ${runtime.folder} ${runtime.archives}`] : []),
      `systemctl daemon-reload; systemctl reset-failed ${unit} 2>/dev/null; true`,
    ].join('\n')
    await rootOf(deps, context).must(`Removing the ${serviceTitles[id]}`, script, { signal })
    await context.disown(unit)
    if (whole)
      for (const thing of deps.ledger.things(runtime.step)) await deps.ledger.disown(runtime.step, thing)
  }

  const look = async (id: ProxyId, context: StepContext, signal: AbortSignal): Promise<Finding> => {
    const root = rootOf(deps, context)
    const { unit, unitFile } = proxyPlaces[id]
    const { here, there } = await sumsOf(id, context, signal)
    const changes = await fileChanges(root, await proxies[id].files(context, here), signal)
    const unitMissing = changes.some(({ target, before }) => target === unitFile && before === '')
    if (there === '' && unitMissing) return { ...absent('not installed'), changes }
    if (there !== here) return { state: 'drifted', reason: 'another version of it is there', changes }
    if (changes.length > 0)
      return {
        state: 'drifted',
        reason: `other than it should be: ${changes.map(({ target }) => target).join(', ')}`,
        changes,
      }
    const state = await unitState(root, unit, signal)
    if (state !== null) return { state: 'drifted', reason: state }
    const why = await silent(signal)
    if (why !== null) return { state: 'drifted', reason: `runs and does not answer at ${address()}: ${why}` }
    return present(`the ${serviceTitles[id]} answers at ${address()}, as the machine sees it`, {
      url: address(),
      version: proxies[id].version(context, here),
    })
  }

  const install = async (id: ProxyId, context: StepContext, signal: AbortSignal) => {
    const root = rootOf(deps, context)
    const { unit } = proxyPlaces[id]
    const { program, files, tidy } = proxies[id]
    await context.own(unit)
    const { here, there } = await sumsOf(id, context, signal)
    if (program !== null && there !== here) {
      await send(deps, root, program, context, signal)
      const now = await sumsOf(id, context, signal)
      if (now.there !== here) throw new Error('What arrived on the host is not what was sent.')
    }
    for (const path of await writeFiles(root, await files(context, here), signal))
      context.log(`Wrote ${path}`)
    context.progress(null, 'starting')
    await startUnit(root, unit, context, signal, () =>
      until(
        async () => {
          const why = await silent(signal)
          if (why !== null) throw new Error(why)
          return true
        },
        {
          withinMs: answersWithinMs,
          everyMs: 500,
          signal,
          what: `the ${serviceTitles[id]} on the host answers`,
        },
      ),
    )
    if (tidy() !== '') await root.must('Tidying up', tidy(), { signal })
  }

  return {
    id: 'proxy',
    title: 'REST proxy',
    needs: ['facts', 'account', 'iam', 'broker', 'node', 'confluent'],
    async check(context, signal) {
      const { proxy } = deps.wanted()
      const [other] = others(context)
      if (other !== undefined)
        return {
          state: 'drifted',
          reason: `the ${serviceTitles[other]} is there and not wanted any more: kafkaHost.proxy is ${proxy}`,
        }
      if (proxy === 'none') return present('not wanted: kafkaHost.proxy is none', { url: '', version: '' })
      return look(proxy, context, signal)
    },
    async apply(context, signal) {
      const { proxy } = deps.wanted()
      // First: both would have the same port.
      for (const id of others(context)) await remove(id, true, context, signal)
      if (proxy !== 'none') await install(proxy, context, signal)
    },
    async undo(context, signal) {
      for (const id of proxyIds)
        if (context.owns(proxyPlaces[id].unit)) await remove(id, false, context, signal)
    },
  }
}
