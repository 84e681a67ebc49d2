/** The part of the branch `airflow` that is about files: ours as it would be uploaded, and the check of any. */
import { dagFileOf, dagIdOf } from '../../../shared/airflow.ts'
import { ownDagText } from '../../plans/airflow/dag.ts'
import { dagCheck } from '../../plans/airflow/dagCheck.ts'
import { requirementsFindings } from '../../plans/airflow/requirementsCheck.ts'
import { requirementsText } from '../../plans/airflow/requirementsText.ts'
import { api } from '../rpc.ts'
import type { AirflowPlanDeps } from './plan.ts'

export interface AirflowFilesDeps extends AirflowPlanDeps {
  /** Of the environment's Airflow; empty where none is chosen. Rejects with AppError. */
  version(pipeline: string): Promise<string>
}

interface Given {
  readonly pipeline: string
  readonly file?: string | undefined
  readonly text?: string | undefined
  readonly airflow?: string | undefined
}

/** Written for this one where none is known: the newest that MWAA serves (facts/apis.md, section 9). */
const usualAirflow = '3.0.6'

export function airflowFiles(deps: AirflowFilesDeps) {
  const { pipelines, databricksForAirflow, airflowHere } = deps
  const { airflow } = api
  const settingsOf = (id: string) => pipelines.get(id).settings

  /** A file can be looked at without a cloud: what is not reached is not known. */
  const versionFor = async (id: string, given?: string): Promise<string> =>
    given ?? (settingsOf(id).airflow.version || (await deps.version(id).catch(() => '')))
  const ownText = async (id: string): Promise<string> => {
    const { userId, airflow: wanted } = settingsOf(id)
    const databricks = await databricksForAirflow(id).catch(() => null)
    const { template } = airflowHere
    return ownDagText({ wanted: () => ({ owner: id, userId, airflow: wanted }), template }, databricks)
  }
  /** Somebody's own file may be called as they like; ours may not. */
  const taken = async ({ pipeline, file, text }: Given) => {
    const { userId } = settingsOf(pipeline)
    const own = text === undefined
    return {
      own,
      file: file ?? dagFileOf(userId),
      text: text ?? (await ownText(pipeline)),
      dagId: own ? dagIdOf(userId) : '',
    }
  }

  return {
    dag: airflow.dag.handler(async ({ input: { pipeline } }) => {
      const version = await versionFor(pipeline)
      const { file, text } = await taken({ pipeline })
      const { requirements } = settingsOf(pipeline).airflow
      return {
        ...{ file, text, airflow: version },
        requirements: {
          file: requirements.split('/').at(-1) || 'requirements.txt',
          text: requirementsText(version || usualAirflow),
        },
      }
    }),
    check: airflow.check.handler(async ({ input }) => {
      const { pipeline, requirements } = input
      const version = await versionFor(pipeline, input.airflow)
      const { file, text, dagId } = await taken(input)
      const { bucket, connectionId } = settingsOf(pipeline).airflow
      const context = { file, dagId, bucket, connectionId, key: null, folder: 'dags', airflow: version }
      return {
        file,
        airflow: version,
        findings: dagCheck(text, { ...context, now: Date.now() }).map((finding) => ({ ...finding })),
        requirements:
          requirements === undefined
            ? []
            : requirementsFindings(requirements, { airflow: version }).map((finding) => ({ ...finding })),
      }
    }),
    parse: airflow.parse.handler(async function* ({ input, signal }) {
      const version = await versionFor(input.pipeline, input.airflow)
      const { file, text } = await taken(input)
      const until = signal ?? new AbortController().signal
      let told: string | null = null
      let wake: () => void = () => {}
      const over = airflowHere
        .read(
          file,
          text,
          version,
          (line) => {
            told = line
            wake()
          },
          until,
        )
        .finally(() => wake())
      let ended = false
      const end = over.then(
        () => {
          ended = true
        },
        () => {
          ended = true
        },
      )
      while (!ended) {
        const next = new Promise<void>((resolve) => {
          wake = resolve
        })
        if (told !== null) {
          yield { kind: 'progress' as const, text: told }
          told = null
        } else await Promise.race([next, end])
      }
      const { airflow: by, dags, errors } = await over
      yield {
        kind: 'read' as const,
        reading: {
          airflow: by,
          dags: dags.map(({ id, tasks }) => ({ id, tasks: tasks.map((task) => ({ ...task })) })),
          errors: [...errors],
        },
      }
    }),
  }
}
