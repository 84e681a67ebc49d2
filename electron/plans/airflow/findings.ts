/** What the check of a DAG, its requirements or its connection found: named as in facts/pipeline.md, section 7. */

export interface DagFinding {
  /** `F-67` … `F-73`. */
  readonly id: string
  /** `bad` will fail, `warn` may, `unknown` cannot be told without running it. */
  readonly level: 'bad' | 'warn' | 'unknown'
  readonly message: string
  readonly fix: string
  /** Of the file that is spoken of, from 1; null where it is about no line. */
  readonly line: number | null
}

type Tell = (id: string, message: string, fix: string, line?: number | null) => DagFinding

const of =
  (level: DagFinding['level']): Tell =>
  (id, message, fix, line = null) => ({ id, level, message, fix, line })

export const bad = of('bad')
export const warn = of('warn')
export const unknown = of('unknown')
