/** The step that puts the DAG's file into the bucket: checked first, and read by a real Airflow where one can be had. */
import { dagFileOf, dagIdOf } from '../../../shared/airflow.ts'
import { AppError } from '../../../shared/errors.ts'
import { deleteOwn, getText, putText } from '../../clients/aws/s3.ts'
import { absent, blocked, drifted, present } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import { dagCheck } from './dagCheck.ts'
import { dagText } from './dagText.ts'
import { type AirflowDeps, type DatabricksForAirflow, notYet, type Place, placeIn } from './deps.ts'

export function dagStep(deps: AirflowDeps): Step {
  const keyOf = ({ folder }: Place) => `${folder}/${dagFileOf(deps.wanted().userId)}`
  return {
    id: 'dag',
    title: 'DAG',
    needs: ['bucket', 'environment'],
    async check({ outputs }) {
      const place = placeIn(outputs)
      if (place === null) return absent(notYet)
      const { airflow, owner } = deps.wanted()
      const databricks = await deps.databricks()
      if (airflow.mode === 'job' && airflow.jobId === '' && (databricks?.jobId ?? '') === '')
        return blocked(
          'The DAG is to run a job of Databricks, and there is none.',
          'Make it with Set-up of Databricks, name one (airflow.jobId=…), or run the notebook by itself (airflow.mode=submit).',
        )
      const text = await ownDagText(deps, databricks)
      const key = keyOf(place)
      const [first, ...more] = faultsOf(deps, text, place)
      if (first !== undefined)
        return blocked([first, ...more].map(({ id, message }) => `${id}: ${message}`).join(' '), first.fix)
      const found = await getText(await deps.access(), place.bucket, key)
      const at = `s3://${place.bucket}/${key}`
      if (found === null) return absent(`there is no ${at}`)
      if (found.text === text) return present(`${at} is as it is wanted`)
      return {
        ...drifted(
          found.owner === owner
            ? `${at} is an older one`
            : `${at} is there, and not ours: it is kept as an older version`,
        ),
        changes: [{ target: at, before: found.text, after: text }],
      }
    },
    async apply(context, signal) {
      const place = placeIn(context.outputs)
      if (place === null) return
      const { owner, userId } = deps.wanted()
      const text = await ownDagText(deps, await deps.databricks())
      const tell = { log: context.log, progress: (line: string) => context.progress(null, line) }
      const read = await deps.parse(dagFileOf(userId), text, place.airflow, tell, signal)
      if (read !== null) {
        refuse(
          read.errors,
          read.dags.map(({ id }) => id),
          userId,
        )
        context.log(`Airflow ${read.airflow} reads it here: ${read.dags.length} DAG, nothing to complain of`)
      }
      const key = keyOf(place)
      await context.own(`${place.bucket} ${key}`)
      await putText(await deps.access(), { bucket: place.bucket, key, text, owner })
      context.log(`Put s3://${place.bucket}/${key}`)
    },
    async undo(context) {
      for (const thing of deps.ledger.things('dag')) {
        const [bucket = '', key = ''] = thing.split(' ')
        const deleted = await deleteOwn(await deps.access(), bucket, key, deps.wanted().owner)
        context.log(`Deleted ${deleted} of our versions of s3://${bucket}/${key}`)
        await context.disown(thing)
      }
    },
  }
}

/** The DAG as the pipeline wants it. */
export async function ownDagText(
  deps: Pick<AirflowDeps, 'wanted' | 'template'>,
  databricks: DatabricksForAirflow | null,
): Promise<string> {
  const { airflow, userId } = deps.wanted()
  const jobId = airflow.mode === 'job' ? airflow.jobId || databricks?.jobId || '' : ''
  return dagText(await deps.template(), {
    ...{ userId, airflow, jobId },
    notebookPath: airflow.notebookPath || databricks?.notebook || `/Shared/pipeline-control/${userId}/batch`,
    parameters: { user_id: userId, ...databricks?.parameters },
  })
}

/** What would fail; what only may is shown where a person asks for the check. */
function faultsOf(deps: AirflowDeps, text: string, { bucket, folder, airflow }: Place) {
  const { userId, airflow: settings } = deps.wanted()
  const file = dagFileOf(userId)
  return dagCheck(text, {
    ...{ file, folder, bucket, airflow, dagId: dagIdOf(userId), key: `${folder}/${file}` },
    connectionId: settings.connectionId,
    now: Date.now(),
  }).filter(({ level }) => level === 'bad')
}

/** Throws AppError DAG_BROKEN where Airflow does not take the file, or finds another DAG in it. */
function refuse(errors: readonly string[], ids: readonly string[], userId: string): void {
  const [error] = errors
  if (error === undefined && ids.includes(dagIdOf(userId))) return
  throw new AppError({
    code: 'DAG_BROKEN',
    message:
      error === undefined
        ? `Airflow finds no DAG ${dagIdOf(userId)} in the file`
        : `Airflow cannot import the file: ${error.trim().split('\n').at(-1)}`,
    hint: 'It was not uploaded. Show the whole with: pipeline airflow check --parse.',
  })
}
