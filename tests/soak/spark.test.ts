/** The notebooks on Sparks that the app does not bring: 3.5, as long-lived runtimes of Databricks have it, and one from before `median`. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerIds } from '../../shared/notebooks.ts'
import { answersBySql } from '../helpers/answersBySql.ts'
import { brokerMissing } from '../helpers/broker.ts'
import { makeLake } from '../helpers/generatedLake.ts'
import { goodNotebook, notebook } from '../helpers/spark.ts'
import { cleaningCases } from '../parts/cleaningCases.ts'

const missing = await brokerMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

/** All posts of the real tables. */
const posts = 11_154

describe.skipIf(missing !== null)(`Other Sparks${missing === null ? '' : ` (${missing})`}`, () => {
  let dir: string
  const linesOf = async (kind: string) => {
    const topic = join(dir, 'topics', `learner.${kind}`)
    const names = (await readdir(topic, { recursive: true })).filter((name) => name.endsWith('.json'))
    const texts = await Promise.all(names.map((name) => readFile(join(topic, name), 'utf8')))
    return texts.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line))
  }
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sparks-'))
    await makeLake({ dir, userId: 'learner', seed: 1, posts, twiceEach: 10, perFile: 1_000 })
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  const asked = (requirements: string, file: string) => ({
    file,
    folder: join(dir, 'spark'),
    widgets: { user_id: 'learner', lake: join(dir, 'topics') },
    requirements,
  })

  it.each([
    ['3.5.9', 'tests/soak/spark35'],
    ['3.3.4', 'tests/soak/spark33'],
  ])(
    '%s: the nine answers to 11,154 posts, some of them twice, are those of SQL',
    async (version, requirements) => {
      const { run } = await goodNotebook(asked(requirements, 'notebooks/batch.py'))
      expect(run.spark).toBe(version)
      const sources = { pin: await linesOf('pin'), geo: await linesOf('geo'), user: await linesOf('user') }
      expect(sources.pin).toHaveLength(posts + Math.ceil(posts / 10))
      const expected = answersBySql(sources)
      for (const id of answerIds) {
        expect(run.answers?.answers[id].truncated, id).toBe(false)
        expect(run.answers?.answers[id].rows, id).toEqual(expected[id])
      }
    },
  )

  it('3.3.4 has no median, and the fault is named (F-64)', async () => {
    const { problem } = (await notebook(asked('tests/soak/spark33', 'tests/notebooks/faults/noMedian.py')))
      .run
    expect(problem?.message).toMatch(/has no attribute 'median'/)
    expect(problem?.hint).toMatch(/percentile.*\(F-64\)$/)
  })

  it('3.5.9 reads a name that begins with a digit, and none with a dash outside backticks (F-66)', async () => {
    const at = (user_id: string) => {
      const all = asked('tests/soak/spark35', 'tests/notebooks/faults/noBackticks.py')
      return notebook({ ...all, widgets: { ...all.widgets, user_id } })
    }
    expect((await at('129a67850695')).run.problem).toBeNull()
    expect((await at('129-a')).run.problem?.hint).toMatch(/\(F-66\)$/)
  })

  describe('3.5.9: the cleaning', () => cleaningCases('tests/soak/spark35'))
})
