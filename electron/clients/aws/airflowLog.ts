/** A task's log, as either version of Airflow's API hands it on. */
import { z } from 'zod'
import type { AirflowTask } from './airflowApi.ts'
import { type AirflowAt, ask, found, words } from './airflowCall.ts'

/** A task's log of one attempt, line by line; null where Airflow has none. Rejects with AppError. */
export async function taskLog(
  at: AirflowAt,
  id: string,
  run: string,
  task: AirflowTask,
): Promise<string[] | null> {
  const answer = await found(
    ask(at, {
      method: 'GET',
      path: ['dags', id, 'dagRuns', run, 'taskInstances', task.id, 'logs', String(task.attempt)],
      query: { full_content: true },
      answer: z.unknown(),
      what: `the log of ${task.id}`,
    }),
  )
  return answer === null ? null : logLines(answer)
}

const detailSchema = z.object({ exc_type: words, exc_value: words })
const lineSchema = z.object({
  event: words,
  /** In the log that Airflow shows, and in what it prints. */
  error_detail: z.array(detailSchema).nullish(),
  exception: z.array(detailSchema).nullish(),
})

/** Airflow 3: a list of records. Airflow 2: the text itself, or a list of (host, text) in Python's own writing. */
export function logLines(answer: unknown): string[] {
  const content = z.object({ content: z.unknown() }).safeParse(answer).data?.content ?? answer
  if (Array.isArray(content))
    return content.flatMap((line) => {
      if (typeof line === 'string') return line.split('\n')
      const read = lineSchema.safeParse(line).data
      if (read === undefined) return []
      const errors = (read.error_detail ?? read.exception ?? []).map(
        (error) => `${error.exc_type}: ${error.exc_value}`,
      )
      return [read.event, ...errors].flatMap((each) => each.split('\n'))
    })
  if (typeof content !== 'string') return []
  const texts = [...content.matchAll(hostAndText)].map(([, single, double]) =>
    unescaped(single ?? double ?? ''),
  )
  return (texts.length === 0 ? content : texts.join('\n')).split('\n')
}

/** One of `[('host', 'text'), …]`, as Python writes it. */
const hostAndText = /\('(?:[^'\\]|\\.)*', (?:'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)")\)/g

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
const unescaped = (text: string): string =>
  text.replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|([\s\S]))/g, (_, byte, code, letter) =>
    letter === undefined
      ? String.fromCharCode(Number.parseInt(byte ?? code, 16))
      : (escapes[letter] ?? letter),
  )
