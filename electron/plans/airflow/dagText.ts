/** The DAG's file: `notebooks/dag.py` with a pipeline's settings filled in, as pure text. No secret goes in. */
import { type AirflowSettings, dagIdOf } from '../../../shared/airflow.ts'
import { AppError } from '../../../shared/errors.ts'

export interface DagWanted {
  readonly userId: string
  readonly airflow: AirflowSettings
  /** A number, or empty: the notebook is then run by itself. */
  readonly jobId: string
  readonly notebookPath: string
  /** Of the notebook's widgets. */
  readonly parameters: Readonly<Record<string, string>>
}

/** Throws AppError APP_DAMAGED where the template does not have each setting once. */
export function dagText(template: string, wanted: DagWanted): string {
  const { airflow, userId, jobId, notebookPath, parameters } = wanted
  const [year, month, day] = airflow.startDate.split('-').map(Number)
  const values: Readonly<Record<string, string>> = {
    DAG_ID: text(dagIdOf(userId)),
    SCHEDULE: text(airflow.schedule),
    START_DATE: `datetime(${year}, ${month}, ${day}, tzinfo=timezone.utc)`,
    RETRIES: String(airflow.retries),
    TIMEOUT: `timedelta(minutes=${airflow.timeoutMinutes})`,
    CONNECTION_ID: text(airflow.connectionId),
    JOB_ID: jobId === '' ? 'None' : String(BigInt(jobId)),
    NOTEBOOK_PATH: text(notebookPath),
    PARAMETERS: `{${Object.entries(parameters)
      .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(', ')}}`,
    CLUSTER_ID: text(airflow.clusterId),
  }
  return Object.entries(values).reduce((all, [name, value]) => {
    const parts = all.split(new RegExp(`^${name} = .*$`, 'm'))
    if (parts.length !== 2) throw damaged(name)
    return parts.join(`${name} = ${value}`)
  }, template)
}

/** JSON's texts are Python's too. */
const text = (value: string): string => (value === '' ? 'None' : JSON.stringify(value))

const damaged = (name: string) =>
  new AppError({
    code: 'APP_DAMAGED',
    message: `The template of the DAG does not name its setting once: ${name}`,
    hint: 'Install the app again.',
  })
