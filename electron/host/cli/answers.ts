/** `pipeline answers …`: what the eight questions came to, of one run or of two side by side. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { compareAnswers, comparisonText, isSame } from '../../../shared/compareAnswers.ts'
import type { AnswerSet, AnswerSetHead } from '../../../shared/contract/answers.ts'
import { csvOf } from '../../../shared/csv.ts'
import { type AnswerId, answerIds, answerKeys, answerTitles } from '../../../shared/notebooks.ts'
import { usage } from './parse.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly csv?: boolean
  readonly of?: string
  readonly out?: string
}

const text = (value: unknown): string =>
  value === null || value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value)

function answerOf(name: string): AnswerId {
  const found = answerIds.find((id) => id === name)
  if (found === undefined)
    throw usage('name', `There is no such answer: ${name}`, `There is ${answerIds.join(', ')}.`)
  return found
}

/** By its id, or by the run alone. */
async function setOf(client: Client, pipeline: string, wanted: string): Promise<AnswerSet> {
  const list = await client.answers.list({ pipeline })
  const found = list.find(({ id, from }) => id === wanted || from.runId === wanted)
  // Of what is not in the list the back end says what to do.
  const id = found?.id ?? (/^(here|databricks)-/.test(wanted) ? wanted : `here-${wanted}`)
  return client.answers.get({ pipeline, id })
}

async function newest(client: Client, pipeline: string, nth: number): Promise<AnswerSetHead> {
  const found = (await client.answers.list({ pipeline }))[nth]
  if (found !== undefined) return found
  throw usage(
    'run',
    nth === 0 ? 'There are no answers yet.' : 'There is only one run with answers.',
    'Run the notebook: pipeline notebooks run batch.',
  )
}

export function answersCommands(program: Command, deps: CliDeps): void {
  const answers = program
    .command('answers')
    .description('what the eight questions came to, of runs here and in Databricks')
  const common = (command: Command) =>
    command
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'one line of JSON')
  const { terminal } = deps

  common(answers.command('list').description('which there are, newest first')).action((flags: Flags) =>
    withSession(deps.open, async ({ client }) => {
      const sets = await client.answers.list({ pipeline: await pickPipeline(client, flags.pipeline) })
      if (flags.json) return terminal.out(JSON.stringify(sets))
      const rows = sets.map(({ from, at }) => [
        from.runId,
        from.kind === 'here' ? 'here' : 'Databricks',
        new Date(at).toISOString().slice(0, 19).replace('T', ' '),
      ])
      for (const line of table(['run', 'where', 'ended (UTC)'], rows)) terminal.out(line)
      if (rows.length === 0) terminal.note('There are no answers yet: pipeline notebooks run batch')
    }),
  )

  common(answers.command('show [name]').description(`one answer, or all nine: ${answerIds.join(', ')}`))
    .option('--of <run>', 'another run than the newest with answers')
    .option('--csv', 'as CSV')
    .option('--out <folder>', 'CSV into a folder, a file for each answer')
    .action((name: string | undefined, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const ids = name === undefined ? answerIds : [answerOf(name)]
        if (flags.csv && flags.out === undefined && name === undefined)
          throw usage('out', 'Nine tables are nine files.', 'Add --out <folder>, or name one answer.')
        const pipeline = await pickPipeline(client, flags.pipeline)
        const run = flags.of ?? (await newest(client, pipeline, 0)).id
        const set = await setOf(client, pipeline, run)
        if (flags.json) return terminal.out(JSON.stringify(name === undefined ? set : answersIn(set, ids)))
        if (flags.out !== undefined) await mkdir(flags.out, { recursive: true })
        for (const id of ids) {
          const answer = set.answers.answers[id]
          if (!flags.csv && flags.out === undefined) {
            if (name === undefined) terminal.note(`\n${answerTitles[id]}`)
            for (const line of table(
              answer.columns,
              answer.rows.map((row) => row.map(text)),
            ))
              terminal.out(line)
            if (answer.truncated) terminal.note('… and more rows than the notebook hands on')
          } else if (flags.out === undefined) terminal.out(csvOf(answer).trimEnd())
          else {
            const file = join(flags.out, `${id}-${set.id}.csv`)
            await writeFile(file, csvOf(answer))
            terminal.out(file)
          }
        }
      }),
    )

  common(
    answers
      .command('compare [first] [second]')
      .description('two runs, the older of the newest two first: what differs'),
  ).action((first: string | undefined, second: string | undefined, flags: Flags) =>
    withSession(deps.open, async ({ client }) => {
      const pipeline = await pickPipeline(client, flags.pipeline)
      const a = await setOf(client, pipeline, first ?? (await newest(client, pipeline, 1)).id)
      const b = await setOf(client, pipeline, second ?? (await newest(client, pipeline, 0)).id)
      const compared = answerIds.map((id) => ({
        id,
        ...compareAnswers(a.answers.answers[id], b.answers.answers[id], answerKeys[id]),
      }))
      if (flags.json) return terminal.out(JSON.stringify({ first: a.id, second: b.id, compared }))
      terminal.note(`first: ${a.from.runId}, second: ${b.from.runId}`)
      for (const comparison of compared) {
        terminal.out(`${comparison.id}: ${comparisonText(comparison)}`)
        if (isSame(comparison)) continue
        const { keys, values, rows } = comparison
        const head = [
          ...keys,
          ...values.map((value) => `${value}, first`),
          ...values.map((value) => `${value}, second`),
          'second − first',
        ]
        const side = (row: readonly unknown[] | null) =>
          row === null ? values.map(() => '–') : row.map(text)
        const lines = rows
          .filter(({ same }) => !same)
          .map((row) => [...row.key.map(text), ...side(row.a), ...side(row.b), text(row.difference)])
        for (const line of table(head, lines)) terminal.out(`  ${line}`)
      }
    }),
  )
}

const answersIn = ({ answers }: AnswerSet, ids: readonly AnswerId[]) =>
  Object.fromEntries(ids.map((id) => [id, answers.answers[id]]))
