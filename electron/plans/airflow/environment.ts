/** The step that looks at the MWAA environment, and waits where it is being changed. Making one is no part of this plan. */
import { AppError } from '../../../shared/errors.ts'
import {
  getEnvironment,
  listEnvironments,
  type MwaaEnvironment,
  type MwaaStatus,
  secretsPrefixFor,
} from '../../clients/aws/mwaa.ts'
import { blocked, drifted, present } from '../../plan/findings.ts'
import type { Finding, Step } from '../../plan/step.ts'
import type { AirflowDeps } from './deps.ts'
import { patiently } from './patient.ts'

/** Making one takes 20 to 40 minutes, changing one 10 to 30 (facts/apis.md, section 9); ms. */
const readyWithinMs = 3_600_000

interface StatusWords {
  /** `ready` can be used; `wait` becomes ready by itself; `stuck` takes a person. */
  readonly kind: 'ready' | 'wait' | 'stuck'
  readonly words: string
  readonly hint: string
}

const byItself = 'It is waited for.'
const look =
  'Look at it in the console of MWAA, and at its log groups in CloudWatch (airflow-<environment>-…).'

/** Each of MWAA's states, in words. */
export const statusWords: Readonly<Record<MwaaStatus, StatusWords>> = {
  AVAILABLE: { kind: 'ready', words: 'it runs', hint: '' },
  CREATING: { kind: 'wait', words: 'it is being made, which takes 20 to 40 minutes', hint: byItself },
  CREATING_SNAPSHOT: { kind: 'wait', words: 'its database is being saved before a change', hint: byItself },
  PENDING: {
    kind: 'stuck',
    words: 'it waits for somebody to make its VPC endpoints',
    hint: 'It was made with endpoints of the customer: make them in its VPC, then it goes on.',
  },
  UPDATING: { kind: 'wait', words: 'it is being changed, which takes 10 to 30 minutes', hint: byItself },
  ROLLING_BACK: { kind: 'wait', words: 'a change failed and is being taken back', hint: byItself },
  MAINTENANCE: { kind: 'wait', words: 'AWS is maintaining it', hint: byItself },
  UNAVAILABLE: {
    kind: 'stuck',
    words: 'it does not run',
    hint: `Its network, key or role may have been changed. ${look}`,
  },
  CREATE_FAILED: {
    kind: 'stuck',
    words: 'it could not be made',
    hint: 'It must be deleted and made anew. Usual reasons: no way out of its subnets, a bucket that is not private, a role that it may not take on.',
  },
  // The change was taken back, and it can be used and changed again (the API's own words).
  UPDATE_FAILED: {
    kind: 'ready',
    words: 'it runs; its last change failed and was taken back',
    hint: `Usually the requirements contradict each other (F-69). ${look}`,
  },
  DELETING: { kind: 'stuck', words: 'it is being deleted', hint: 'Choose another environment.' },
  DELETED: { kind: 'stuck', words: 'it was deleted', hint: 'Choose another environment.' },
}

export const wordsOf = ({
  status,
  statusText,
}: Pick<MwaaEnvironment, 'status' | 'statusText'>): StatusWords =>
  status === null
    ? { kind: 'stuck', words: `this app does not know its state ${statusText}`, hint: look }
    : statusWords[status]

export function environmentStep(deps: AirflowDeps): Step {
  const name = () => deps.wanted().airflow.environment
  return {
    id: 'environment',
    title: 'Environment',
    needs: ['rights'],
    async check() {
      const access = await deps.access()
      if (name() === '')
        return blocked('No environment of MWAA is chosen.', await choice(() => listEnvironments(access)))
      try {
        return found(await getEnvironment(access, name()), deps)
      } catch (thrown) {
        if (!(thrown instanceof AppError) || thrown.code !== 'MWAA_UNKNOWN') throw thrown
        return blocked(thrown.message, await choice(() => listEnvironments(access)))
      }
    },
    async apply(context, signal) {
      context.progress(null, 'waiting for MWAA')
      await available(deps, signal)
    },
  }
}

/** Resolves when it can be used. Throws AppError MWAA_STUCK, TIMED_OUT. */
export async function available(deps: AirflowDeps, signal: AbortSignal): Promise<MwaaEnvironment> {
  const { environment: name } = deps.wanted().airflow
  const ask = async () => {
    const now = await getEnvironment(await deps.access(), name)
    const { kind, words, hint } = wordsOf(now)
    if (kind === 'ready') return now
    if (kind === 'wait') return null
    const message = `${name}: ${words}${now.problem === null ? '' : `: ${now.problem}`}`
    throw new AppError({ code: 'MWAA_STUCK', message, hint })
  }
  return patiently(ask, { withinMs: readyWithinMs, signal, what: `${name} is AVAILABLE` })
}

/** What there is to choose from. */
async function choice(list: () => Promise<string[]>): Promise<string> {
  const names = await list().catch(() => null)
  if (names === null) return 'Say which: pipeline pipelines set <id> airflow.environment=<name>.'
  if (names.length === 0)
    return 'There is none in this account and region: make one in the console of MWAA first.'
  return `There is ${names.join(', ')}: pipeline pipelines set <id> airflow.environment=${names[0]}.`
}

function found(environment: MwaaEnvironment, deps: AirflowDeps): Finding {
  const { airflow: settings } = deps.wanted()
  const { name, airflow, size, problem, status } = environment
  const { kind, words, hint } = wordsOf(environment)
  const why = problem === null ? '' : `: ${problem}`
  const outputs = {
    bucket: settings.bucket || environment.bucket,
    folder: settings.folder || environment.folder || 'dags',
    airflow: settings.version || airflow,
    requirements: settings.requirements || environment.requirements?.key || 'requirements.txt',
    secretsPrefix: secretsPrefixFor(environment.secrets, settings.connectionId) ?? '',
    role: environment.role,
    privateOnly: environment.privateOnly ? 'yes' : '',
  }
  if (kind === 'wait') return { ...drifted(`${name}: ${words}`), hint }
  if (kind === 'stuck') return blocked(`${name}: ${words}${why}`, hint)
  if (outputs.bucket !== environment.bucket)
    return blocked(
      `${name} reads its DAGs from ${environment.bucket}, not from ${outputs.bucket}`,
      'Leave airflow.bucket empty: the environment says it itself.',
    )
  if (outputs.folder !== environment.folder)
    return blocked(
      `${name} reads its DAGs from the folder ${environment.folder}, not from ${outputs.folder} (F-70)`,
      'Leave airflow.folder empty: the environment says it itself.',
    )
  if (settings.version !== '' && settings.version !== airflow)
    return blocked(
      `${name} runs Airflow ${airflow}, not ${settings.version}`,
      'Leave airflow.version empty: the environment says it itself.',
    )
  return present(
    `${name}, Airflow ${airflow}, ${size}: ${words}${problem === null || status === 'UPDATE_FAILED' ? why : `; its last change failed${why}`}`,
    outputs,
  )
}
