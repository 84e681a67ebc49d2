/** One pipeline's incidents: begun by a call, over by themselves, healed whatever ends them, cleared away after `kill -9`. */
import type { EndedIncident, IncidentState, RunningIncident } from '../../shared/contract/incidents.ts'
import type { Pipeline } from '../../shared/contract/settings.ts'
import type { RunSnapshot } from '../../shared/emulation.ts'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import { type IncidentOptions, incidentOf } from '../../shared/incidents.ts'
import { broadcast, pause } from '../lib/broadcast.ts'
import type { LocalStack } from '../local/stack.ts'
import { badRecords } from './badRecords.ts'
import type { NewActivity } from './deps.ts'
import { readIncident, writeIncident } from './incidentFile.ts'
import { incidentGroups } from './incidentGroups.ts'
import { brokerDown, slowGateway, throttledShard } from './incidentKinds.ts'
import { type Practice, type PracticeContext, runFacts } from './incidentParts.ts'
import { rebalance } from './rebalance.ts'

export interface RunnerOptions {
  readonly stack: LocalStack
  pipeline(): Pipeline
  latestRun(): RunSnapshot | null
  tell(entry: Pick<NewActivity, 'level' | 'text' | 'hint'>): void
}

export interface IncidentRunner {
  get(): IncidentState
  watch(signal: AbortSignal | undefined): AsyncGenerator<IncidentState, void, void>
  /** Resolves when it is on. Throws AppError INCIDENT_ON, STACK_STOPPED, or why it cannot be done. */
  start(options: IncidentOptions): Promise<IncidentState>
  /** Resolves when it is healed. `closing`: the app ends, and nothing is started any more. */
  end(closing?: boolean): Promise<IncidentState>
  /** Says what an app that was killed left behind, and begins to clear it away. */
  restore(): Promise<void>
  close(): Promise<void>
}

/** Between two looks, ms. */
const lookMs = 500
/** An end waits so long for its group to be deleted; it goes on behind it, ms. */
const tidyWaitMs = 10_000

function make(context: PracticeContext, options: IncidentOptions): Practice | Promise<Practice> {
  switch (options.id) {
    case 'broker-down':
      return brokerDown(context)
    case 'throttled-shard':
      return throttledShard(context, options)
    case 'slow-gateway':
      return slowGateway(context, options)
    case 'bad-records':
      return badRecords(context, options)
    case 'rebalance':
      return rebalance(context, options)
  }
}

const endings: Readonly<Record<EndedIncident['how'], string>> = {
  time: 'its time was over',
  asked: 'it was ended',
  stopped: 'its part was stopped',
  closed: 'the app was closed',
}

export function incidentRunner({ stack, pipeline, latestRun, tell }: RunnerOptions): IncidentRunner {
  const state = broadcast<IncidentState>({ on: null, last: null })
  let own: string | null = null
  let busy = false
  let stop: (how: EndedIncident['how']) => void = () => {}
  let settled: Promise<void> = Promise.resolve()
  let saving: Promise<void> = Promise.resolve()
  let begun: { readonly id: IncidentOptions['id']; readonly since: number } | null = null

  /** One write at a time, each of what holds then. */
  const save = (): Promise<void> => {
    const work = saving.then(() => writeIncident(pipeline().folder, { on: begun, groups: groups.list() }))
    saving = work.catch(() => {})
    return work
  }
  const groups = incidentGroups({ stack, inUse: () => own, changed: save })

  const publish = (change: Partial<RunningIncident>) => {
    const now = state.get()
    if (now.on !== null) state.set({ ...now, on: { ...now.on, ...change } })
  }

  /** From the moment it is on until it is healed. */
  const follow = async (practice: Practice, facts: () => RunningIncident['facts'], ending: AbortSignal) => {
    const show = (phase: RunningIncident['phase']) =>
      publish({ phase, facts: facts(), places: [...practice.places()] })
    while (!ending.aborted) {
      await Promise.race([practice.look().catch(() => {}), pause(lookMs, ending)])
      if (practice.gone()) stop('stopped')
      if (!ending.aborted) show('on')
      await pause(lookMs, ending)
    }
    show('healing')
  }

  const finish = async (
    practice: Practice,
    facts: () => RunningIncident['facts'],
    how: EndedIncident['how'],
  ): Promise<void> => {
    let problem: EndedIncident['problem'] = null
    try {
      await practice.heal(how === 'closed')
    } catch (thrown) {
      const { code, message, hint } = toErrorDetail(thrown)
      problem = { code, message, hint }
    }
    own = null
    begun = null
    // A full disk must not keep it on; the next start would find it over.
    await save().catch(() => {})
    if (groups.list().length > 0) await Promise.race([groups.tidied(), pause(tidyWaitMs, undefined)])
    // Counted to the end, not to the last look.
    await stack.look()
    const { on } = state.get()
    busy = false
    if (on === null) return
    const { phase, ...rest } = on
    const last = {
      ...rest,
      facts: facts(),
      places: [...practice.places()],
      endedAt: Date.now(),
      how,
      problem,
    }
    state.set({ on: null, last })
    tell(endLine(last))
  }

  return {
    get: state.get,
    watch: (signal) => state.watch(signal),
    async start(options) {
      const { title } = incidentOf(options.id)
      if (busy) throw alreadyOn(state.get().on?.title ?? title)
      if (!stack.running()) throw notRunning()
      busy = true
      const since = Date.now()
      const until = since + options.forMs
      const ending = new AbortController()
      let how: EndedIncident['how'] = 'time'
      stop = (why) => {
        if (ending.signal.aborted) return
        how = why
        ending.abort()
      }
      let practice: Practice | null = null
      try {
        practice = await make({ pipeline: pipeline(), stack, until, signal: ending.signal }, options)
        const { text, group } = practice
        begun = { id: options.id, since }
        own = group
        if (group !== null) groups.add([group])
        await save()
        state.set({
          ...state.get(),
          on: { options, title, text, phase: 'starting', since, until, facts: [], places: [], group },
        })
        await practice.begin()
      } catch (thrown) {
        ending.abort()
        await practice?.heal(false).catch(() => {})
        own = null
        begun = null
        state.set({ ...state.get(), on: null })
        busy = false
        await save().catch(() => {})
        void groups.tidied()
        throw thrown
      }
      const begin = practice
      const [ownFacts, others] = [begin.facts, runFacts(since, latestRun)]
      const facts = () => [...ownFacts(), ...others()]
      const timer = setTimeout(() => stop('time'), until - Date.now())
      const leave = stack.onChange(() => begin.gone() && stop('stopped'))
      publish({ phase: 'on', facts: facts() })
      tell({
        level: 'warn',
        text: `Incident: ${title}, for ${Math.round(options.forMs / 1_000)} s. ${begin.text}`,
      })
      settled = follow(begin, facts, ending.signal)
        .finally(() => {
          clearTimeout(timer)
          leave()
        })
        .then(() => finish(begin, facts, how))
      return state.get()
    },
    async end(closing = false) {
      stop(closing ? 'closed' : 'asked')
      await settled
      return state.get()
    },
    async restore() {
      const found = await readIncident(pipeline().folder)
      if (found === null) return
      groups.add(found.groups)
      if (found.on !== null) {
        const { title } = incidentOf(found.on.id)
        tell({
          level: 'info',
          text: `The app ended during an incident, and the incident with it: ${title}`,
          hint:
            found.groups.length === 0
              ? 'Nothing of it is left.'
              : `Its group is deleted once the broker runs: ${found.groups.join(', ')}`,
        })
      }
      await save()
      if (groups.list().length > 0) void groups.tidied()
    },
    async close() {
      stop('closed')
      await settled
      await groups.close()
    },
  }
}

function endLine({
  title,
  how,
  facts,
  since,
  endedAt,
  problem,
}: EndedIncident): Parameters<RunnerOptions['tell']>[0] {
  const seen = facts
    .filter(({ value, unit }) => value !== null && unit === '')
    .map(({ label, value }) => `${label}: ${(value ?? 0).toLocaleString('en-US')}`)
  const seconds = ((endedAt - since) / 1_000).toFixed(1)
  const text = `The incident is over: ${title}, after ${seconds} s; ${endings[how]}. ${seen.join('; ')}`
  return problem === null
    ? { level: 'good', text }
    : { level: 'bad', text: `${text}. ${problem.message}`, hint: problem.hint }
}

const alreadyOn = (title: string): AppError =>
  new AppError({
    code: 'INCIDENT_ON',
    message: `An incident is on already: ${title}`,
    hint: 'Wait until it is over, or end it now.',
  })

const notRunning = (): AppError =>
  new AppError({
    code: 'STACK_STOPPED',
    message: 'The pipeline does not run.',
    hint: 'Press Start, or run pipeline local up.',
  })
