/** The step that keeps a REST proxy running on the host: our own gateway, one file on a Node.js of our own. */
import { listOf } from '../../clients/gatewayLists.ts'
import { fileSum } from '../../lib/download.ts'
import { quoteAll } from '../../lib/quote.ts'
import { until } from '../../lib/until.ts'
import type { Step, StepContext } from '../../plan/step.ts'
import { send } from './archive.ts'
import { sumScript } from './archiveCommands.ts'
import { absent, type KafkaHostDeps, present, rootOf } from './deps.ts'
import { gatewayFile, gatewayJson, gatewayUnitFile, gatewayUnitText } from './gatewayText.ts'
import { fileChanges, type HostFile, writeFiles } from './hostFiles.ts'
import { startUnit, unitState } from './units.ts'
import { gatewayProgram, gatewayUnit, places } from './wanted.ts'

/** Node.js starts in some seconds on a small host, and waits for Kafka where that starts at the same time, ms. */
const answersWithinMs = 60_000
/** One that runs answers at once; ms. */
const lookMs = 8_000

export function gatewayStep(deps: KafkaHostDeps): Step {
  const wants = () => deps.wanted().proxy === 'gateway'
  const address = () => `http://127.0.0.1:${deps.wanted().proxyPort}`
  const filesOf = (context: StepContext, sum: string): HostFile[] => {
    const { proxyPort: port, region } = deps.wanted()
    const bootstrap = context.outputs.broker?.bootstrap ?? ''
    return [
      { path: gatewayFile, text: gatewayJson({ port, bootstrap, region }), mode: 0o644 },
      { path: gatewayUnitFile, text: gatewayUnitText(context.outputs.node?.version ?? '', sum), mode: 0o644 },
    ]
  }
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
  const remove = async (context: StepContext, signal: AbortSignal) => {
    if (!context.owns(gatewayUnit)) return
    context.progress(null, 'stopping')
    await rootOf(deps, context).must(
      'Removing the gateway',
      [
        `systemctl disable --now --quiet ${gatewayUnit} 2>/dev/null`,
        `rm -rf ${quoteAll([gatewayUnitFile, gatewayFile, `${places.programs}/gateway`])}`,
        `systemctl daemon-reload; systemctl reset-failed ${gatewayUnit} 2>/dev/null; true`,
      ].join('\n'),
      { signal },
    )
    await context.disown(gatewayUnit)
  }

  return {
    id: 'gateway',
    title: 'REST proxy: gateway',
    needs: ['facts', 'account', 'broker', 'node'],
    async check(context, signal) {
      if (!wants())
        return context.owns(gatewayUnit)
          ? { state: 'drifted', reason: 'it is installed and not wanted any more' }
          : present('not wanted: kafkaHost.proxy is none', { url: '', version: '' })
      const root = rootOf(deps, context)
      const sum = await fileSum(deps.gatewayFile, 'sha256')
      const there = (
        await root.must('Looking for it', sumScript(gatewayProgram, 'sha256'), { signal })
      ).trim()
      const changes = await fileChanges(root, filesOf(context, sum), signal)
      const unitMissing = changes.some(({ target, before }) => target === gatewayUnitFile && before === '')
      if (there === '' && unitMissing) return { ...absent('not installed'), changes }
      if (there !== sum) return { state: 'drifted', reason: 'another version of it is there', changes }
      if (changes.length > 0)
        return {
          state: 'drifted',
          reason: `other than it should be: ${changes.map(({ target }) => target).join(', ')}`,
          changes,
        }
      const state = await unitState(root, gatewayUnit, signal)
      if (state !== null) return { state: 'drifted', reason: state }
      const why = await silent(signal)
      if (why !== null)
        return { state: 'drifted', reason: `runs and does not answer at ${address()}: ${why}` }
      return present(`answers at ${address()}, as the machine sees it`, {
        url: address(),
        version: sum.slice(0, 12),
      })
    },
    async apply(context, signal) {
      if (!wants()) return remove(context, signal)
      const root = rootOf(deps, context)
      const sum = await fileSum(deps.gatewayFile, 'sha256')
      await context.own(gatewayUnit)
      const there = (
        await root.must('Looking for it', sumScript(gatewayProgram, 'sha256'), { signal })
      ).trim()
      if (there !== sum)
        await send(deps, root, { from: deps.gatewayFile, to: gatewayProgram }, context, signal)
      const now = (await root.must('Summing it', sumScript(gatewayProgram, 'sha256'), { signal })).trim()
      if (now !== sum) throw new Error('What arrived on the host is not what was sent.')
      for (const path of await writeFiles(root, filesOf(context, sum), signal)) context.log(`Wrote ${path}`)
      context.progress(null, 'starting')
      await startUnit(root, gatewayUnit, context, signal, () =>
        until(async () => ((await silent(signal)) === null ? true : null), {
          withinMs: answersWithinMs,
          everyMs: 500,
          signal,
          what: 'the gateway on the host answers',
        }),
      )
    },
    undo: remove,
  }
}
