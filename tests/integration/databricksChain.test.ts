/**
 * The whole chain into a workspace: emulation, lake, upload, job, answers. The workspace is a fake at the wire, but what it was
 * given is run for real: its notebooks over its volume's files, on Spark.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerIds, answersSchema } from '../../shared/notebooks.ts'
import { answersBySql } from '../helpers/answersBySql.ts'
import { brokerMissing } from '../helpers/broker.ts'
import type { Outcome, TaskToRun } from '../helpers/databricks/jobs.ts'
import { canaryToken, type DatabricksFake, databricksFake } from '../helpers/databricks/server.ts'
import { runProgram, type TestHome, testHome } from '../helpers/home.ts'
import { notebook } from '../helpers/spark.ts'

const missing = await brokerMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

describe.skipIf(missing !== null)(`Into a workspace${missing === null ? '' : ` (${missing})`}`, () => {
  let home: TestHome
  let fake: DatabricksFake
  let disk: string

  const cli = async (...words: string[]) => {
    const env = { ...home.env, PIPELINE_DATABRICKS_TOKEN: canaryToken }
    const { code, out, err } = await runProgram('cli.js', words, env)
    expect(code, `${words.join(' ')}\n${err}`).toBe(0)
    return out
  }
  const put = async (path: string, data: string | Buffer) => {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, data)
  }
  /** As the workspace would: its own copy of the notebook, over its own copy of the files. */
  const runForReal = async ({ notebook: path, parameters }: TaskToRun): Promise<Outcome> => {
    for (const [name, data] of fake.files) await put(join(disk, name), data)
    const folder = join(disk, 'workspace')
    for (const [name, text] of fake.tree)
      if (text !== null && dirname(name) === dirname(path))
        await put(join(folder, `${basename(name)}.py`), text)
    const lake = parameters.lake === undefined ? {} : { lake: join(disk, parameters.lake) }
    const { run } = await notebook({
      file: join(folder, `${basename(path)}.py`),
      folder: disk,
      widgets: { ...parameters, ...lake },
    })
    if (run.problem !== null) return { error: run.problem.message }
    return { result: run.answers === null ? '' : JSON.stringify(run.answers) }
  }
  const linesOf = async (kind: string) => {
    const topic = join(home.home, 'pipelines', 'this-computer', 'lake', 'topics', `learner.${kind}`)
    const files = (await readdir(topic, { recursive: true })).filter((name) => name.endsWith('.json'))
    const texts = await Promise.all(files.map((name) => readFile(join(topic, name), 'utf8')))
    return texts.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line))
  }

  beforeAll(async () => {
    home = await testHome()
    fake = await databricksFake()
    fake.outcome = runForReal
    disk = await mkdtemp(join(tmpdir(), 'workspace-'))
    await cli('pipelines', 'set', 'this-computer', 'ports.kafka=0', 'ports.kinesis=0', 'ports.gateway=0')
    await cli('pipelines', 'set', 'this-computer', 'topics.partitions=3')
    await cli('local', 'up', '--detach')
    await cli('emulate', '--posts', '300', '--rate', 'max', '--batch', '50')
  })
  afterAll(async () => {
    if (home !== undefined) await cli('local', 'down')
    await fake?.close()
    await home?.remove()
    await rm(disk, { recursive: true, force: true })
  })

  it('one command puts it there and runs it; its nine answers are those of SQL over this computer’s lake', async () => {
    await cli('databricks', 'use', fake.url, '--auth', 'token')
    const { run, answers, errors } = JSON.parse(await cli('databricks', 'run', '--apply', '--json'))
    expect(errors).toEqual([])
    expect(run.state).toBe('done')
    const sources = { pin: await linesOf('pin'), geo: await linesOf('geo'), user: await linesOf('user') }
    expect(sources.pin).toHaveLength(300)
    const expected = answersBySql(sources)
    const shown = JSON.parse(await cli('answers', 'show', '--of', answers, '--json'))
    expect(shown.from).toMatchObject({ kind: 'databricks', runId: run.runId, url: run.url })
    const found = answersSchema.parse(shown.answers)
    for (const id of answerIds) expect(found.answers[id].rows, id).toEqual(expected[id])
    expect(expected.category_by_country.length).toBeGreaterThan(20)
  }, 1_800_000)
})
