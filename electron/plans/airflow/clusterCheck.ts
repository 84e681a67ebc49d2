/** F-67: the name of a cluster, or of a bucket, where its id must stand; and F-68's token in clear. Pure. */
import { clusterIdPattern } from '../../../shared/airflow.ts'
import { bad, type DagFinding, unknown, warn } from './findings.ts'
import { type PyCall, type PyValue, textOf } from './python/value.ts'

const where =
  'It stands in the address of the cluster’s page in Databricks, behind /compute/clusters/, such as 0123-456789-abcdefgh.'

/** `bucket`: that of the DAGs, where it is known. */
export function clusterFindings(operators: readonly PyCall[], bucket: string): DagFinding[] {
  return operators.flatMap((operator) =>
    clustersIn({ kind: 'dict', entries: operator.keywords, open: false }).flatMap((value) =>
      clusterFinding(value, operator.line, bucket),
    ),
  )
}

/** Every value of `existing_cluster_id`, however deep: the operator's own, in `json`, in `tasks`. */
function clustersIn(value: PyValue): PyValue[] {
  if (value.kind === 'list') return value.items.flatMap(clustersIn)
  if (value.kind !== 'dict') return []
  return [...value.entries].flatMap(([name, each]) =>
    name === 'existing_cluster_id' ? [each] : clustersIn(each),
  )
}

function clusterFinding(value: PyValue, line: number, bucket: string): DagFinding[] {
  const text = textOf(value)
  if (text === null || text.includes('{{'))
    return value.kind === 'none'
      ? []
      : [
          unknown(
            'F-67',
            'Whether this is the id of a cluster cannot be told here: it is made while it runs.',
            where,
            line,
          ),
        ]
  if (clusterIdPattern.test(text)) return []
  const isBucket = (bucket !== '' && text.includes(bucket)) || /^s3a?:\/\/|\bbucket\b/i.test(text)
  const what = isBucket ? 'This is a bucket, not the id of a cluster' : 'This is a cluster’s name, not its id'
  return [bad('F-67', `${what}: ${text}`, where, line)]
}

/** Of a personal access token of Databricks, and of a client secret. */
const tokenPattern = /\b(?:dapi[0-9a-f]{32}(?:-\d+)?|dose[0-9a-f]{32})\b/

/** The token itself is not repeated. */
export function tokenFindings(text: string): DagFinding[] {
  const line = text.split('\n').findIndex((each) => tokenPattern.test(each))
  if (line < 0) return []
  return [
    bad(
      'F-68',
      'A token of Databricks stands in this file, where everybody who reads the bucket reads it.',
      'Take it out and revoke it in Databricks; the connection in Airflow holds the new one.',
      line + 1,
    ),
  ]
}

/** The operators name another connection than the one that is set up. */
export function connectionIdFindings(
  operators: readonly PyCall[],
  connectionId: string,
  defaults: ReadonlyMap<string, PyValue>,
): DagFinding[] {
  return operators.flatMap(({ keywords, line }) => {
    const value = keywords.get('databricks_conn_id') ?? defaults.get('databricks_conn_id')
    const named = value === undefined ? 'databricks_default' : textOf(value)
    if (named === null)
      return [
        unknown(
          'F-68',
          'Which connection it uses cannot be told here.',
          `The one that is set up is ${connectionId}.`,
          line,
        ),
      ]
    if (named === connectionId) return []
    return [
      warn(
        'F-68',
        `It uses another connection than this pipeline’s: ${named}`,
        `Name ${connectionId} in databricks_conn_id, or set airflow.connectionId to ${named}.`,
        line,
      ),
    ]
  })
}
