/** MWAA's requirements file: the line that holds Airflow's own versions together, and the provider of Databricks. Pure text. */

export const provider = 'apache-airflow-providers-databricks'

/** The Python of each version of Airflow that MWAA serves (its release notes); newer ones are on 3.12. */
const pythons: readonly (readonly [RegExp, string])[] = [
  [/^2\.(?:7|8|9|10)\./, '3.11'],
  [/^2\.11\./, '3.12'],
  [/^3\./, '3.12'],
]

/** Null where it is not known. */
export const pythonOf = (airflow: string): string | null =>
  pythons.find(([version]) => version.test(airflow))?.[1] ?? null

/** The provider's version in Airflow's own constraints (facts/apis.md, section 9). */
export const constrainedProvider: Readonly<Record<string, string>> = {
  '2.10.3': '6.12.0',
  '2.11.2': '7.10.0',
  '3.0.6': '7.7.1',
  '3.2.1': '7.12.1',
  '3.3.1': '7.18.1',
}

export const constraintUrl = (airflow: string, python: string): string =>
  `https://raw.githubusercontent.com/apache/airflow/constraints-${airflow}/constraints-${python}.txt`

const constraintLine = (airflow: string): string =>
  `--constraint "${constraintUrl(airflow, pythonOf(airflow) ?? '3.12')}"`

/**
 * A whole file, or an existing one with what it lacks: its own lines stay as they are. `airflow` is the environment's version,
 * such as `3.0.6`.
 */
export function requirementsText(airflow: string, existing = ''): string {
  const lines = existing === '' ? [] : existing.trimEnd().split(/\r?\n/)
  const constrained = lines.some((line) => constraintIn(line) !== null)
  const before = constrained ? [] : [constraintLine(airflow)]
  const mended = lines.map((line) =>
    isStale(line, airflow) ? constraintLine(airflow) : contradicts(line, airflow) ? provider : line,
  )
  const after = lines.some(hasProvider) ? [] : [provider]
  return `${[...before, ...mended, ...after].join('\n')}\n`
}

const isStale = (line: string, airflow: string): boolean => {
  const found = constraintIn(line)
  if (found?.airflow === undefined) return false
  return found.airflow !== airflow || found.python !== (pythonOf(airflow) ?? found.python)
}

/** A version of the provider that the constraints do not have: pip refuses both. */
const contradicts = (line: string, airflow: string): boolean => {
  const held = constrainedProvider[airflow]
  const pin = pinIn(line)
  return held !== undefined && pin !== null && pin !== held
}

export interface Constraint {
  /** As it stands there. */
  readonly source: string
  /** Undefined where it is not one of Airflow's own files. */
  readonly airflow?: string
  readonly python?: string
}

export function constraintIn(line: string): Constraint | null {
  const source = /^\s*(?:-c|--constraint)[ =]+["']?([^"'\s]+)/.exec(line)?.[1]
  if (source === undefined) return null
  const [, airflow, python] = /constraints-(\d+\.\d+\.\d+)\/constraints-(\d+\.\d+)\.txt$/.exec(source) ?? []
  return { source, ...(airflow === undefined || python === undefined ? {} : { airflow, python }) }
}

/** Names of packages are the same with `-`, `_` and `.`, in any case (PEP 503). */
const nameIn = (line: string): string =>
  (/^\s*([A-Za-z0-9][\w.-]*)/.exec(line)?.[1] ?? '').toLowerCase().replace(/[-_.]+/g, '-')

/** The provider itself, or Airflow with its extra. */
export const hasProvider = (line: string): boolean =>
  nameIn(line) === provider ||
  (nameIn(line) === 'apache-airflow' && /\[[^\]]*\bdatabricks\b/.test(line.toLowerCase()))

/** `7.7.1` of the provider's own line `…==7.7.1`; null where it names none, and of other packages. */
export const pinIn = (line: string): string | null =>
  nameIn(line) === provider ? (/==\s*([\w.]+)/.exec(line)?.[1] ?? null) : null
