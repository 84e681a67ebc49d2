/** Checks a DAG's file without running it, one of ours or one that somebody wrote: names F-67 to F-73 and what mends them. Pure. */
import { clusterFindings, connectionIdFindings, tokenFindings } from './clusterCheck.ts'
import { bad, type DagFinding, unknown, warn } from './findings.ts'
import { readPython } from './python/read.ts'
import { defaultsOf, type PyCall, type PyFile, textOf } from './python/value.ts'
import { scheduleFindings, timeoutFindings } from './scheduleCheck.ts'

export interface DagContext {
  /** The file's name. */
  readonly file: string
  /** What its DAG must be called; empty where any name will do. */
  readonly dagId: string
  /** Where it lies, or will lie, in the bucket; null where that is not known. */
  readonly key: string | null
  /** Of the environment, where it looks for DAGs. */
  readonly folder: string
  /** Empty where it is not known. */
  readonly bucket: string
  /** A version; empty where it is not known. */
  readonly airflow: string
  readonly connectionId: string
  /** ms since 1970. */
  readonly now: number
}

export function dagCheck(text: string, context: DagContext): DagFinding[] {
  const file = readPython(text)
  const found = [...tokenFindings(text), ...placeFindings(context)]
  if (file.faultLine !== null)
    return [
      ...found,
      bad(
        'F-70',
        `This line is no Python, so that Airflow cannot import the file: ${text.split('\n')[file.faultLine - 1]?.trim().slice(0, 120) ?? ''}`,
        'Mend it: python3 -m py_compile says the same.',
        file.faultLine,
      ),
    ]
  const dags = file.calls.filter(isDag)
  const operators = file.calls.filter(({ name }) => /(?:^|\.)Databricks\w*Operator(?:\.partial)?$/.test(name))
  const defaults = dags.map(defaultsOf).find(({ size }) => size > 0) ?? new Map()
  return [
    ...found,
    ...dagFindings(file, dags, context),
    ...dags.flatMap((dag) => scheduleFindings(dag, context.now, context.airflow)),
    ...dags.flatMap((dag) => timeoutFindings(dag, operators)),
    ...clusterFindings(operators, context.bucket),
    ...connectionIdFindings(operators, context.connectionId, defaults),
    ...providerFindings(file, operators),
    ...oldFindings(file, dags, context.airflow),
  ].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
}

const isDag = ({ name, decorates }: PyCall): boolean =>
  decorates === null ? /(?:^airflow\.(?:\w+\.)*|^)DAG$/.test(name) : /(?:^|\.)dag$/.test(name)

function placeFindings({ file, dagId, key, folder }: DagContext): DagFinding[] {
  const found: DagFinding[] = []
  if (!file.endsWith('.py'))
    found.push(bad('F-70', `Airflow reads files that end with .py only: ${file}`, 'Rename it.'))
  else if (dagId !== '' && file !== `${dagId}.py`)
    found.push(
      warn(
        'F-70',
        `The file is called ${file}, its DAG ${dagId}.`,
        `Name it ${dagId}.py: the course's rights are for that name only.`,
      ),
    )
  if (key !== null && !key.startsWith(`${folder}/`))
    found.push(
      bad(
        'F-70',
        `It does not lie in the folder that the environment reads: ${key}`,
        `Put it into ${folder}/.`,
      ),
    )
  return found
}

function dagFindings(file: PyFile, dags: readonly PyCall[], { dagId, file: name }: DagContext): DagFinding[] {
  if (dags.length === 0)
    return [
      bad(
        'F-70',
        'The file makes no DAG, so that Airflow shows none.',
        'It needs a DAG(…) or a function under @dag.',
      ),
    ]
  const called = new Set(file.calls.flatMap(({ name, within }) => (within.length === 0 ? [name] : [])))
  const found: DagFinding[] = []
  for (const dag of dags) {
    const maker = dag.decorates ?? dag.within[0]
    if (maker !== undefined && !called.has(maker))
      found.push(
        bad(
          'F-70',
          `The DAG is made in the function ${maker}, which nothing calls.`,
          `Call it at the end of the file: ${maker}().`,
          dag.line,
        ),
      )
    const value = dag.keywords.get('dag_id') ?? dag.positional[0]
    const id = value === undefined ? dag.decorates : textOf(value)
    // Somebody's own may be called as they like; the course wants both to be the same.
    if (dagId === '' && id !== null && name !== `${id}.py`)
      found.push(warn('F-70', `The file is called ${name}, its DAG ${id}.`, `Name it ${id}.py.`, dag.line))
    if (dagId === '' || id === dagId) continue
    found.push(
      id === null
        ? unknown('F-70', 'The id of the DAG cannot be told here.', `It must be ${dagId}.`, dag.line)
        : bad('F-70', `The DAG is called ${id}, and must be called ${dagId}.`, `dag_id="${dagId}"`, dag.line),
    )
  }
  return found
}

function providerFindings(file: PyFile, operators: readonly PyCall[]): DagFinding[] {
  const old = file.imports.find(({ name }) => /^airflow\.contrib\./.test(name))
  const imported = file.imports.some(({ name }) => name.startsWith('airflow.providers.databricks.'))
  const fix = 'from airflow.providers.databricks.operators.databricks import DatabricksSubmitRunOperator'
  if (old !== undefined)
    return [bad('F-69', `This module was taken out of Airflow: ${old.name}`, fix, old.line)]
  const [first] = operators
  return first !== undefined && !imported
    ? [bad('F-69', 'The operator of Databricks is used and not imported from its provider.', fix, first.line)]
    : []
}

/** What Airflow 3 no longer takes. */
function oldFindings(file: PyFile, dags: readonly PyCall[], airflow: string): DagFinding[] {
  const three = airflow !== '' && !airflow.startsWith('2.')
  const tell = three ? bad : warn
  const when =
    airflow === ''
      ? 'Airflow 3 refuses it'
      : three
        ? `Airflow ${airflow} refuses it`
        : 'Airflow 3 will refuse it'
  return [
    ...dags.flatMap(({ keywords, line }) =>
      ['schedule_interval', 'timetable'].flatMap((name) =>
        keywords.has(name)
          ? [tell('F-73', `${name} was taken out: ${when}.`, 'Write schedule instead.', line)]
          : [],
      ),
    ),
    ...file.imports.flatMap(({ name, line }) =>
      name.startsWith('airflow.utils.dates')
        ? [tell('F-73', `${name} was taken out: ${when}.`, 'Use a fixed datetime.', line)]
        : [],
    ),
  ]
}
