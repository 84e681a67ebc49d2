/** The steps that keep something running: the broker, Kinesis, and gateway with lake. */
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { PartName } from '../../local/parts.ts'
import type { LocalStack } from '../../local/stack.ts'
import { absent, present } from '../../plan/findings.ts'
import type { Finding, Step, StepContext } from '../../plan/step.ts'
import { answered, type LocalPlanDeps } from './deps.ts'

interface Child {
  readonly part: PartName
  /** Its name in the port book. */
  readonly port: string
  /** Resolves when it answers; the value is why not, where it answers with an error. */
  ask(address: Readonly<Record<string, string>>): Promise<string | null>
  where(address: Readonly<Record<string, string>>): string
  /** Before it is started. */
  prepare?(context: StepContext): Promise<void>
}

async function look(
  stack: LocalStack,
  { part, port, ask, where }: Child,
): Promise<Finding & { readonly silent?: boolean }> {
  const child = stack[part]
  const running = child.running()
  if (running === null) {
    const problem = child.problem()
    if (problem === null) return absent('not running')
    if (child.held() !== null) return { state: 'blocked', reason: problem.message, hint: problem.hint }
    return { state: 'drifted', reason: problem.message, hint: problem.hint }
  }
  const answer = await answered(ask(running.address))
  const why = 'why' in answer ? answer.why : answer.value
  if (why !== null) {
    return {
      state: 'drifted',
      reason: `process ${running.pid} runs but does not answer: ${why}`,
      hint: 'Press Start: it is started anew.',
      silent: true,
    }
  }
  const changes = stack.changes(part)
  if (changes.length > 0) {
    const names = changes.map(({ target }) => target).join(', ')
    const reason = `runs with earlier settings: ${names}`
    return { state: 'drifted', reason, hint: 'Press Start: it is started anew.', changes }
  }
  const note = stack.portNotes.get(port)
  return present(`${where(running.address)}${note === undefined ? '' : ` (${note})`}`, { ...running.address })
}

/** Who does not answer mostly does not hear that it should end either, ms. */
const silentPatienceMs = 3_000

/** A supervised child as a step: present while it answers and was started with the settings of now. */
function childStep(base: Pick<Step, 'id' | 'title' | 'needs'>, stack: LocalStack, child: Child): Step {
  let silent = false
  return {
    ...base,
    async check() {
      const finding = await look(stack, child)
      silent = finding.silent === true
      return finding
    },
    async apply(context, signal) {
      // The engine found it absent or drifted: what runs all the same is of no use.
      if (stack[child.part].running() !== null) {
        context.progress(null, 'stopping what runs')
        await stack[child.part].stop(silent ? silentPatienceMs : undefined)
      }
      context.progress(null, 'looking for what an earlier run left behind')
      await stack.leftovers.end(context.log, signal)
      await child.prepare?.(context)
      context.progress(null, 'starting')
      await stack[child.part].start(signal)
    },
    async undo({ log }, signal) {
      await stack[child.part].stop()
      await stack.leftovers.end(log, signal)
    },
  }
}

export function brokerStep({ pipeline, stack }: LocalPlanDeps): Step {
  return childStep({ id: 'broker', title: 'Broker', needs: ['java', 'kafka'] }, stack, {
    part: 'broker',
    port: 'kafka',
    async ask() {
      const topics = await (await stack.kafka()).topics()
      const lost = topics.find((topic) => topic.partitions.some(({ leader }) => leader < 0))
      return lost === undefined ? null : `${lost.name} has a partition without a leader`
    },
    where: ({ bootstrap }) => `answers at ${bootstrap}`,
    async prepare({ outputs, own }) {
      const { program, version } = outputs.java ?? {}
      const { libs, jars } = outputs.kafka ?? {}
      if (program === undefined || version === undefined || libs === undefined || jars === undefined) {
        throw new AppError({
          code: 'STEP_ORDER',
          message: 'Java and Kafka come before the broker.',
          hint: 'Press Start.',
        })
      }
      await own(join(pipeline().folder, 'kafka'))
      stack.configure({ java: { program, version }, jars: jars.split('\n').map((jar) => join(libs, jar)) })
    },
  })
}

export function kinesisStep({ pipeline, stack }: LocalPlanDeps): Step {
  return childStep({ id: 'kinesis', title: 'Kinesis' }, stack, {
    part: 'kinesis',
    port: 'kinesis',
    ask: async () => {
      await stack.kinesisClient().listStreams()
      return null
    },
    where: ({ endpoint }) => `answers at ${endpoint}`,
    prepare: ({ own }) => own(join(pipeline().folder, 'kinesis')),
  })
}

export function gatewayStep({ pipeline, stack }: LocalPlanDeps): Step {
  return childStep({ id: 'gateway', title: 'Gateway and lake', needs: ['topics', 'streams'] }, stack, {
    part: 'stack',
    port: 'gateway',
    async ask({ gateway }) {
      // Answers that an incident holds back are no fault, and starting it anew would not help.
      if (stack.slowed()) return null
      const answer = await fetch(`${gateway}/topics`)
      await answer.body?.cancel()
      return answer.ok ? null : `GET /topics is answered with ${answer.status}`
    },
    where: ({ gateway }) => `answers at ${gateway}, and the lake follows the topics`,
    prepare: ({ own }) => own(join(pipeline().folder, 'lake')),
  })
}
