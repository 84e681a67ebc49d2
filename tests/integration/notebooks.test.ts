/** The notebooks on a real Spark, from an emulation's lake and streams to the nine answers and three tables. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NotebookRun } from '../../shared/contract/notebooks.ts'
import type { Kind } from '../../shared/names.ts'
import { answerIds } from '../../shared/notebooks.ts'
import { answersBySql } from '../helpers/answersBySql.ts'
import { brokerMissing } from '../helpers/broker.ts'
import { runProgram, type TestHome, testHome } from '../helpers/home.ts'
import { startWebClient, type WebClient } from '../helpers/webClient.ts'

const missing = await brokerMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const pipeline = 'this-computer'
const topicOf = { pin: 'learner.pin', geo: 'places', user: 'learner.user' }

describe.skipIf(missing !== null)(`Notebooks${missing === null ? '' : ` (${missing})`}`, () => {
  let home: TestHome
  let web: WebClient

  const cli = async (...words: string[]) => {
    const { code, out, err } = await runProgram('cli.js', words, home.env)
    expect(code, `${words.join(' ')}\n${err}`).toBe(0)
    return out
  }
  const folder = () => join(home.home, 'pipelines', pipeline)
  /** Every line of the lake, of all partitions. */
  const linesOf = async (kind: Kind) => {
    const topic = join(folder(), 'lake', 'topics', topicOf[kind])
    const files = (await readdir(topic, { recursive: true })).filter((name) => name.endsWith('.json'))
    const texts = await Promise.all(files.map((name) => readFile(join(topic, name), 'utf8')))
    return texts.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line))
  }
  const run = async (notebook: string): Promise<NotebookRun> =>
    JSON.parse(await cli('notebooks', 'run', notebook, '--json'))

  beforeAll(async () => {
    home = await testHome()
    web = await startWebClient(home)
    await cli('pipelines', 'set', pipeline, 'ports.kafka=0', 'ports.kinesis=0', 'ports.gateway=0')
    await cli('pipelines', 'set', pipeline, 'topics.partitions=3', 'streams.shards=2')
    // What is not called as usual is found too.
    await cli('pipelines', 'set', pipeline, `topics.names.geo=${topicOf.geo}`, 'streams.names.user=people')
    await cli('local', 'up')
    await cli('emulate', '--posts', '400', '--rate', 'max', '--batch', '50')
  }, 600_000)
  afterAll(async () => {
    await web?.stop()
    await home?.remove()
  })

  it('before there is a lake, says that nothing has come and where from it would (F-60)', async () => {
    await cli('pipelines', 'create', 'empty')
    const { code, err } = await runProgram('cli.js', ['notebooks', 'run', '--pipeline', 'empty'], home.env)
    expect(code).toBe(1)
    expect(err).toContain('F-60')
    expect(err).toMatch(/setup\.py, line \d+|batch\.py, line \d+/)
  }, 1_800_000)

  it('answers the eight questions as SQL over the same records does', async () => {
    const { answers, state, cells, spark } = await run('batch')
    expect(state).toBe('done')
    expect(spark).toMatch(/^4\.2/)
    expect(cells.every(({ state: of }) => of === 'done')).toBe(true)
    const sources = { pin: await linesOf('pin'), geo: await linesOf('geo'), user: await linesOf('user') }
    expect(sources.pin).toHaveLength(400)
    const expected = answersBySql(sources)
    for (const id of answerIds) {
      expect(answers?.answers[id].truncated, id).toBe(false)
      expect(answers?.answers[id].rows, id).toEqual(expected[id])
    }
    expect(expected.category_by_country.length).toBeGreaterThan(20)
  }, 600_000)

  it('a second run does not make the environment again, is in the list, and can be cancelled', async () => {
    const { runId } = await web.client.notebooks.start({ pipeline, notebook: 'batch' })
    await expect(web.client.notebooks.start({ pipeline, notebook: 'batch' })).rejects.toMatchObject({
      data: { code: 'NOTEBOOK_BUSY' },
    })
    const seen = new Set<string>()
    for await (const now of await web.client.notebooks.watch({ pipeline, runId })) {
      if (now.progress !== null) seen.add(now.progress.text)
      if (now.state !== 'preparing') break
    }
    expect([...seen].filter((text) => /Collecting|Installing|quick start/.test(text))).toEqual([])
    expect(await web.client.notebooks.cancel({ pipeline, runId })).toMatchObject({ state: 'cancelled' })
    expect((await web.client.notebooks.list({ pipeline }))[0]).toMatchObject({ runId, state: 'cancelled' })
    await expect.poll(async () => javaOf(folder())).toEqual([])
  }, 300_000)

  it('fills three Delta tables from the streams', async () => {
    const first = await run('streaming')
    for (const kind of ['pin', 'geo', 'user'])
      expect(texts(first)).toContain(`learner_${kind}_table: 400 rows`)
  }, 600_000)

  it('goes on with what came since, also where the reader was killed in the middle: complete, and nothing twice', async () => {
    await cli('emulate', '--posts', '430', '--rate', 'max', '--batch', '100')
    const { runId } = await web.client.notebooks.start({ pipeline, notebook: 'streaming' })
    // The queries are at work.
    for await (const now of await web.client.notebooks.watch({ pipeline, runId }))
      if (now.cells.some(({ state, text }) => state === 'done' && text.includes('into_table("pin"'))) break
    await web.client.notebooks.cancel({ pipeline, runId })
    const after = await run('streaming')
    for (const kind of ['pin', 'geo', 'user'])
      expect(texts(after)).toContain(`learner_${kind}_table: 830 rows`)
  }, 600_000)
})

const texts = ({ cells }: NotebookRun) =>
  cells.flatMap(({ output }) => output.flatMap((each) => (each.kind === 'text' ? [each.text] : []))).join('')

/** Processes whose command line names this folder. */
async function javaOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes('pyspark') && line.includes(folder))
}
