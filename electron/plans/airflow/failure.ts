/** What went wrong, found in the end of a task's log. Pure. */

/** Lines of the log that are shown. */
const keptLines = 200
const longestLine = 4_000

export interface Failure {
  /** One line; empty where the log says nothing of the kind. */
  readonly reason: string
  readonly log: readonly string[]
}

/** The operator of Databricks says it so, with the notebook's own error behind it. */
const ofOperator = /failed with terminal state/
const ofPython = /^\S*(?:Exception|Error)\b.*/

export function failureIn(lines: readonly string[]): Failure {
  const log = lines
    .map((line) => line.trimEnd().slice(0, longestLine))
    .filter((line) => line !== '')
    .slice(-keptLines)
  const last = (pattern: RegExp) => log.findLast((line) => pattern.test(line.trim()))
  const found = last(ofOperator) ?? last(ofPython) ?? ''
  return { reason: notebookError(found) ?? found.trim(), log }
}

/** Of `…and with the errors [{'task_key': …, 'run_id': …, 'error': …}]`, in Python's own writing: the errors alone. */
function notebookError(line: string): string | null {
  const texts = [...line.matchAll(/'error': (?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")/g)].map(
    ([, single, double]) => (single ?? double ?? '').replace(/\\(['"\\])/g, '$1'),
  )
  if (texts.length > 0) return texts.join('; ')
  return /and with the error (.+)$/.exec(line)?.[1] ?? null
}
