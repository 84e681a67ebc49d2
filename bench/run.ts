/**
 * The bench command: runs the named benches, or all, one after another; prints one table and writes JSON.
 * `npm run bench -- [name …] [--quick] [--long] [--out FILE]`
 */
import { fork } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Context } from './bench.ts'
import { readMachine } from './lib/machine.ts'
import type { Told } from './lib/one.ts'
import { machineText, type Result, resultsText } from './lib/table.ts'

const here = import.meta.dirname
const notBenches = new Set(['bench.ts', 'run.ts'])

/** Rounds of each figure: a median of five is the least that is told. */
const rounds = { full: 5, quick: 2 } as const

async function benchNames(): Promise<string[]> {
  const files = await readdir(here)
  return files
    .filter((file) => file.endsWith('.ts') && !notBenches.has(file))
    .map((file) => file.slice(0, -'.ts'.length))
    .toSorted()
}

function runOne(name: string, options: Omit<Context, 'say'>): Promise<Result> {
  const began = performance.now()
  const child = fork(join(here, 'lib', 'one.ts'), [name, JSON.stringify(options)])
  let title = name
  let rows: Result['rows'] | null = null
  let problem: string | null = null
  child.on('message', (told: Told) => {
    if (told.type === 'title') title = told.title
    if (told.type === 'rows') rows = told.rows
    if (told.type === 'problem') problem = told.problem
  })
  return new Promise((done) => {
    child.once('close', (code, signal) => {
      if (rows === null) problem ??= `It ended with ${signal ?? `exit code ${code}`}.`
      done({ name, title, tookMs: Math.round(performance.now() - began), rows: rows ?? [], problem })
    })
  })
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  })
  const known = await benchNames()
  const unknown = positionals.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new Error(`No bench is called ${unknown.join(', ')}; there are ${known.join(', ')}`)

  const { quick, long } = values
  const options = { quick, long, rounds: quick ? rounds.quick : rounds.full }
  const startedAt = new Date()
  const machine = await readMachine()
  const marks = quick ? [`QUICK: ${options.rounds} rounds of smaller amounts; not for comparing`] : []
  const results: Result[] = []
  for (const name of positionals.length > 0 ? positionals : known) {
    process.stderr.write(`== ${name}\n`)
    results.push(await runOne(name, options))
  }
  process.stdout.write(`\n${machineText(machine, startedAt, marks)}\n\n${resultsText(results)}\n`)

  const file = `${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}${quick ? '-quick' : ''}.json`
  const path = values.out === undefined ? join(here, 'results', file) : resolve(values.out)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${JSON.stringify({ startedAt, machine, ...options, results }, null, 2)}\n`)
  process.stdout.write(`\n${relative('.', path)}\n`)
}

await main().catch((thrown: unknown) => {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
  process.exitCode = 1
})
