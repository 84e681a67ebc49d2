/** The step that has the environment install Airflow's provider of Databricks (F-69). */
import { AppError } from '../../../shared/errors.ts'
import { getEnvironment, setRequirements } from '../../clients/aws/mwaa.ts'
import { deleteOwn, getText, putText } from '../../clients/aws/s3.ts'
import { absent, blocked, drifted, present } from '../../plan/findings.ts'
import type { Step, StepContext } from '../../plan/step.ts'
import { type AirflowDeps, environmentNow, notYet, type Place, placeIn } from './deps.ts'
import { available } from './environment.ts'
import { requirementsFindings } from './requirementsCheck.ts'
import { requirementsText } from './requirementsText.ts'

/** In the ledger: the file we put, and what the environment installed from before. */
const fileMark = 'file'
const beforeMark = 'before'
const nothingAsked = '# Nothing is asked for.\n'

export function requirementsStep(deps: AirflowDeps): Step {
  const name = () => deps.wanted().airflow.environment
  /** What the environment installs from now, and what lies at its key. */
  const look = async (place: Place) => {
    const access = await deps.access()
    const chosen = (await getEnvironment(access, name())).requirements
    const used = chosen === null ? null : await getText(access, place.bucket, chosen.key, chosen.version)
    const newest = await getText(access, place.bucket, place.requirements)
    return { chosen, used, newest }
  }
  const faultsOf = (text: string | null, place: Place) =>
    requirementsFindings(text, { airflow: place.airflow, privateOnly: place.privateOnly !== '' })

  const settle = async (context: StepContext, signal: AbortSignal) => {
    context.progress(null, 'MWAA installs it, which takes 10 to 30 minutes')
    const { problem, status } = await available(deps, signal)
    if (problem !== null || status === 'UPDATE_FAILED')
      throw new AppError({
        code: 'MWAA_CHANGE_FAILED',
        message: `MWAA could not install it, and took the change back: ${problem ?? 'it does not say why'}`,
        hint: 'Usually packages contradict each other (F-69). The log group airflow-<environment>-WebServer has pip’s words.',
      })
  }
  /** To what it installed from before; somebody else's later choice stays. */
  const goBack = async (context: StepContext, [, key = '', version = '']: string[], signal: AbortSignal) => {
    const access = await deps.access()
    const { owner } = deps.wanted()
    const environment = await environmentNow(deps)
    const now = environment?.requirements ?? null
    if (environment === null || now === null || (now.key === key && now.version === version)) return
    const present = await getText(access, environment.bucket, now.key, now.version)
    if (present?.owner !== owner) {
      context.log(`Left: ${name()} installs from ${now.key}, which somebody else chose since`)
      return
    }
    if (key === '') {
      // It cannot be told to have none, but one that asks for nothing (MWAA's user guide).
      await putText(access, { bucket: environment.bucket, key: now.key, text: nothingAsked, owner: '' })
      const empty = (await getText(access, environment.bucket, now.key))?.version ?? ''
      await setRequirements(access, name(), now.key, empty)
      context.log(`${name()} had no requirements: it is given a file that asks for nothing`)
    } else await setRequirements(access, name(), key, version)
    await settle(context, signal)
  }
  return {
    id: 'requirements',
    title: 'Requirements',
    needs: ['bucket', 'environment'],
    async check({ outputs }) {
      const place = placeIn(outputs)
      if (place === null) return absent(notYet)
      const { chosen, used } = await look(place)
      const faults = faultsOf(used?.text ?? null, place)
      const bad = faults.filter(({ level }) => level === 'bad')
      const at = chosen === null ? '' : `s3://${place.bucket}/${chosen.key}`
      if (chosen !== null && chosen.key !== place.requirements)
        return blocked(
          `${name()} installs from ${chosen.key}, not from ${place.requirements}`,
          'Leave airflow.requirements empty: the environment says it itself.',
        )
      if (bad.length === 0) {
        const others = faults.map(({ message }) => message)
        return present([`${at} names the provider of Databricks`, ...others].join('; '))
      }
      const before = used?.text ?? ''
      const reason = `F-69: ${bad.map(({ message }) => message).join(' ')}`
      if (requirementsText(place.airflow, before) === before)
        return blocked(reason, `${bad.map(({ fix }) => fix).join(' ')} The app does not rewrite that line.`)
      return {
        ...(chosen === null ? absent(reason) : drifted(reason)),
        hint: 'MWAA then changes the environment, which takes 10 to 30 minutes.',
        changes: [
          {
            target: `s3://${place.bucket}/${place.requirements}`,
            before,
            after: requirementsText(place.airflow, before),
          },
        ],
      }
    },
    async apply(context, signal) {
      const place = placeIn(context.outputs)
      if (place === null) return
      await available(deps, signal)
      const access = await deps.access()
      const { owner } = deps.wanted()
      const { chosen, used, newest } = await look(place)
      const text = requirementsText(place.airflow, used?.text ?? newest?.text ?? '')
      const key = place.requirements
      if (newest?.text !== text) {
        await context.own(`${fileMark} ${place.bucket} ${key}`)
        await putText(access, { bucket: place.bucket, key, text, owner })
        context.log(`Put s3://${place.bucket}/${key}`)
      }
      const version = (await getText(access, place.bucket, key))?.version ?? ''
      if (!deps.ledger.things('requirements').some((thing) => thing.startsWith(beforeMark)))
        await context.own(`${beforeMark} ${chosen?.key ?? ''} ${chosen?.version ?? ''}`)
      await setRequirements(access, name(), key, version)
      context.log(`${name()} is to install version ${version} of it`)
      await settle(context, signal)
    },
    async undo(context, signal) {
      const access = await deps.access()
      const things = deps.ledger.things('requirements')
      const before = things.find((thing) => thing.startsWith(beforeMark))?.split(' ')
      if (before !== undefined) await goBack(context, before, signal)
      for (const thing of things) {
        const [mark, bucket = '', key = ''] = thing.split(' ')
        if (mark === fileMark) {
          const deleted = await deleteOwn(access, bucket, key, deps.wanted().owner)
          context.log(`Deleted ${deleted} of our versions of s3://${bucket}/${key}`)
        }
        await context.disown(thing)
      }
    },
  }
}
