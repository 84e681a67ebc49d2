/** F-69: the file that tells MWAA what to install lacks the provider, or holds it to versions that cannot be together. Pure. */
import { bad, type DagFinding, unknown, warn } from './findings.ts'
import {
  constrainedProvider,
  constraintIn,
  hasProvider,
  pinIn,
  provider,
  pythonOf,
} from './requirementsText.ts'

export interface RequirementsContext {
  /** Of the environment; empty where it is not known. */
  readonly airflow: string
  /** Only reached from inside its own network. */
  readonly privateOnly?: boolean
}

/** `text`: null where the environment has none. */
export function requirementsFindings(
  text: string | null,
  { airflow, privateOnly }: RequirementsContext,
): DagFinding[] {
  if (text === null)
    return [
      bad(
        'F-69',
        'The environment has no requirements file, so that Airflow has no module airflow.providers.databricks.',
        `Upload one that names ${provider} and choose it in the environment.`,
      ),
    ]
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(?:^|\s)#.*$/, ''))
  const lineOf = (line: string) => lines.indexOf(line) + 1
  const found: DagFinding[] = []
  const named = lines.find(hasProvider)
  if (named === undefined)
    found.push(
      bad(
        'F-69',
        `The requirements do not name ${provider}.`,
        `Add the line ${provider}; without it each DAG that uses it is broken.`,
      ),
    )
  const constraint = lines.flatMap((line) => {
    const each = constraintIn(line)
    return each === null ? [] : [{ ...each, line: lineOf(line) }]
  })[0]
  if (constraint === undefined)
    found.push(
      warn(
        'F-69',
        'The requirements have no --constraint line: MWAA then takes the constraints of its own version.',
        'Make the constraints of this version of Airflow the first line, so that the file says what it is made for.',
      ),
    )
  else if (constraint.airflow === undefined)
    found.push(
      unknown(
        'F-69',
        `Whether these constraints fit cannot be told: ${constraint.source}`,
        'Airflow’s own are named constraints-<version>/constraints-<python>.txt.',
        constraint.line,
      ),
    )
  else if (airflow !== '' && constraint.airflow !== airflow)
    found.push(
      bad(
        'F-69',
        `The constraints are those of Airflow ${constraint.airflow}, the environment runs ${airflow}.`,
        `Use constraints-${airflow}.`,
        constraint.line,
      ),
    )
  const python = pythonOf(constraint?.airflow ?? '')
  if (python !== null && constraint?.python !== undefined && constraint.python !== python)
    found.push(
      bad(
        'F-69',
        `The constraints are those of Python ${constraint.python}; MWAA runs Airflow ${constraint.airflow} on Python ${python}.`,
        `Use constraints-${python}.txt.`,
        constraint.line,
      ),
    )
  const pin = named === undefined ? null : pinIn(named)
  const held = constrainedProvider[constraint?.airflow ?? '']
  if (named !== undefined && pin !== null && constraint?.airflow !== undefined)
    if (held === undefined)
      found.push(
        unknown(
          'F-69',
          `Whether ${provider} ${pin} fits the constraints of Airflow ${constraint.airflow} cannot be told here.`,
          'Leave the version out: the constraints name it.',
          lineOf(named),
        ),
      )
    else if (held !== pin)
      found.push(
        bad(
          'F-69',
          `${provider} ${pin} contradicts the constraints, which hold it at ${held}: pip refuses both.`,
          'Leave the version out: the constraints name it.',
          lineOf(named),
        ),
      )
  if (privateOnly === true)
    found.push(
      unknown(
        'F-69',
        'The environment is reached from inside its network only: without a way to the package index it installs nothing.',
        'Give its subnets a NAT, or put the wheels into plugins.zip.',
      ),
    )
  return found
}
