/** The test command: type check, lint, build, then every suite; ends with one line that counts them all. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

/** Each line is one run: projects that share a run share its workers. */
const fast = [['unit'], ['integration', 'security', 'e2e']] as const
const soak = [['soak']] as const

/** The part of vitest's JSON report that is counted. */
const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({ name: z.string(), status: z.string(), assertionResults: z.array(z.unknown()) }),
  ),
})

interface Count {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** Runs a program of `node_modules/.bin` with its output passed through; resolves with its exit code. */
function run(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 1))
  })
}

/** One command that passes or fails as a whole counts as one test. */
async function command(title: string, program: string, args: readonly string[]): Promise<Count> {
  process.stdout.write(`\n== ${title}\n`)
  const code = await run(program, args)
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
}

/** A file that could not even be loaded has no assertion results and counts as one failure. */
async function suites(names: readonly string[], folder: string): Promise<Count> {
  process.stdout.write(`\n== ${names.join(', ')}\n`)
  const file = join(folder, `${names[0]}.json`)
  const code = await run('vitest', [
    'run',
    ...names.flatMap((name) => ['--project', name]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    '--passWithNoTests',
  ])
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 }
  const report = reportSchema.parse(JSON.parse(text))
  const unloaded = report.testResults.filter(
    (r) => r.status === 'failed' && r.assertionResults.length === 0,
  ).length
  const failed = report.numFailedTests + unloaded
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pipeline-tests-'))
  const counts: Count[] = []
  try {
    counts.push(await command('types', 'tsc', ['-b']))
    counts.push(await command('lint', 'biome', ['ci', '.']))
    counts.push(await command('build', 'npm', ['run', '--silent', 'build']))
    for (const names of process.argv[2] === 'soak' ? soak : fast) counts.push(await suites(names, folder))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const sum = (of: keyof Count) => counts.reduce((total, count) => total + count[of], 0)
  const skipped = sum('skipped') === 0 ? '' : `, ${sum('skipped')} skipped`
  process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped}\n`)
  process.exitCode = sum('failed') === 0 ? 0 : 1
}

await main()
