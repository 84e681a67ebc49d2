/** The notebook of the eight questions, beside its own cells as one script, and beside the bare questions. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type NotebookEvent, runNotebook, type SparkPrograms } from '../electron/local/spark/notebookRun.ts'
import { prepareSpark } from '../electron/local/spark/prepare.ts'
import { answersSchema } from '../shared/notebooks.ts'
import { makeLake } from '../tests/helpers/generatedLake.ts'
import { cacheFolder, root } from '../tests/helpers/home.ts'
import { type Bench, type Context, inTurn, type Row, row } from './bench.ts'
import { watchChildren } from './lib/tree.ts'

const exec = promisify(execFile)
const scripts = join(root, 'resources', 'spark')
const notebooks = join(root, 'notebooks')

/** As many as in the real tables, and as many as a learner never sees. */
const sizes = { full: [11_154, 1_000_000], quick: [11_154, 100_000] } as const
/** Our layer: what it may cost. */
const target = { atMost: 1.05 }

export const bench: Bench = {
  name: 'notebooks',
  title: 'The notebook of the eight questions',
  async run(context) {
    const signal = AbortSignal.timeout(3_600_000)
    const programs = await prepareSpark({
      ...{ scripts, cache: cacheFolder, javaHome: '', network: {}, signal },
      progress: context.say,
    })
    const rows: Row[] = []
    for (const posts of context.quick ? sizes.quick : sizes.full)
      rows.push(...(await ofSize(context, programs, posts)))
    return rows
  },
}

async function ofSize({ rounds, say }: Context, programs: SparkPrograms, posts: number): Promise<Row[]> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-notebooks-'))
  try {
    say(`a lake of ${posts} posts`)
    await makeLake({ dir, userId: 'learner', seed: 1, posts, twiceEach: 10, perFile: 20_000 })
    const memory = { ours: [] as number[], cells: [] as number[], questions: [] as number[] }
    const timed = (which: keyof typeof memory, work: () => Promise<void>) => async () => {
      const children = watchChildren()
      const began = performance.now()
      await work()
      const took = (performance.now() - began) / 1_000
      memory[which].push(children.stop())
      return took
    }
    const seconds = await inTurn(
      rounds,
      {
        ours: timed('ours', () => asNotebook(programs, dir)),
        cells: timed('cells', () => asScript(programs, dir, 'sameCells.py')),
        questions: timed('questions', () => asScript(programs, dir, 'plainQuestions.py')),
      },
      say,
    )
    const what = `notebooks: ${posts.toLocaleString('en-US')} posts`
    const cells = (values: readonly number[]) => ({ name: 'same cells, one script', values })
    const questions = (values: readonly number[]) => ({ name: 'bare questions', values })
    return [
      row({ what, unit: 's', ours: seconds.ours, peer: cells(seconds.cells), target }),
      row({ what: `${what}, memory`, unit: 'MiB', ours: memory.ours, peer: cells(memory.cells), target }),
      row({ what, unit: 's', ours: seconds.ours, peer: questions(seconds.questions) }),
      row({ what: `${what}, memory`, unit: 'MiB', ours: memory.ours, peer: questions(memory.questions) }),
    ]
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** As the app runs it, from its start to the answers. */
async function asNotebook(programs: SparkPrograms, dir: string): Promise<void> {
  const events: NotebookEvent[] = []
  await runNotebook(
    {
      ...programs,
      ...{ scripts, notebook: join(notebooks, 'batch.py'), folder: join(dir, 'spark') },
      ...{ ivy: '', delta: false, kinesis: '' },
      widgets: { user_id: 'learner', lake: join(dir, 'topics') },
    },
    (event) => events.push(event),
    AbortSignal.timeout(1_800_000),
  )
  const exit = events.find((event) => event.type === 'exit')
  if (exit === undefined) throw new Error(`The notebook failed: ${JSON.stringify(events.at(-1))}`)
  answersSchema.parse(JSON.parse(exit.value))
}

async function asScript(
  { python, java, javaOptions }: SparkPrograms,
  dir: string,
  file: string,
): Promise<void> {
  const script = join(root, 'bench', 'lib', file)
  const args = [script, scripts, notebooks, join(dir, 'spark'), join(dir, 'topics'), 'learner']
  const env = { ...process.env, JAVA_HOME: dirname(dirname(java)), JDK_JAVA_OPTIONS: javaOptions }
  const { stdout } = await exec(python, args, { env, maxBuffer: 512 * 1_048_576 })
  const answers = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  if (Object.keys(answers).length !== 9) throw new Error('The script has not all nine answers')
}
