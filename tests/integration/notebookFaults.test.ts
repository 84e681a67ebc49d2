/** F-58 to F-66 of facts/pipeline.md: each provoked on a real Spark, named with its fix, and gone where it is done as our notebooks do. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokerMissing } from '../helpers/broker.ts'
import { type NotebookOutcome, notebooks } from '../helpers/spark.ts'

const missing = await brokerMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const post = {
  ...{ unique_id: 'a', title: 'A title', description: 'A description', poster_name: 'Ann' },
  ...{
    follower_count: '437',
    tag_list: 'a,b',
    is_image_or_video: 'image',
    image_src: 'https://i.test/a.jpg',
  },
  ...{ downloaded: 1, save_location: 'Local save in /data/art', category: 'art' },
}
const posts = [
  { index: 1, ...post },
  // As the emulation draws it again.
  { index: 1, ...post },
  { index: 2, ...post, title: 'No Title Data Available', category: 'travel' },
  { index: 3, ...post, description: 'No description available Story format' },
  { index: 4, ...post, image_src: 'Image src error.' },
]

const mount = { lake: '/mnt/project/topics', secret_scope: 'aws', mount_bucket: 'user-learner-bucket' }

const faults = [
  [
    'F-58',
    'mountedTwice',
    {},
    /Directory already mounted: \/mnt\/project/,
    /dbutils\.fs\.mounts\(\).*unmount/,
  ],
  ['F-59', 'plainSecret', {}, /Invalid hostname in URI/, /quote\(secret, safe=""\)/],
  ['F-60', 'noPath', {}, /Path does not exist.*partition=0/s, /all partitions, not only partition=0/],
  ['F-61', 'noMounts', mount, /is not whitelisted/, /Unity Catalog volume/],
  ['F-62', 'notImported', {}, /name 'IntegerType' is not defined/, /Import it/],
  [
    'F-63',
    'cleanedNothing',
    {},
    /left placeholders in title \(1 rows\), description \(1 rows\), image_src \(1 rows\)/,
    /isNull\(\).*isin\(\)/,
  ],
  ['F-64', 'noMedian', {}, /no attribute 'median'/, /percentile\(column, 0\.5\)/],
  ['F-65', 'countedTwice', {}, /posts: 5 rows of 4 numbers/, /dropDuplicates\(\)/],
  ['F-66', 'noBackticks', { user_id: '129-a' }, /PARSE_SYNTAX_ERROR/, /backticks: SELECT \* FROM `/],
] as const

describe.skipIf(missing !== null)(`Faults of notebooks${missing === null ? '' : ` (${missing})`}`, () => {
  let folder: string
  /** Of the faults in their order, and of the same done well. */
  let outcomes: readonly NotebookOutcome[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'faults-'))
    const lake = join(folder, 'topics')
    const place = join(lake, 'learner.pin', 'partition=1')
    await mkdir(place, { recursive: true })
    const lines = posts.map((row) => JSON.stringify(row)).join('\n')
    await writeFile(join(place, 'learner.pin+1+0000000000.json'), `${lines}\n`)
    const asked = [
      ...faults.map(([, name, widgets]) => ({ name, widgets })),
      { name: 'mended', widgets: { ...mount, folder: lake } },
    ]
    outcomes = await notebooks(
      asked.map(({ name, widgets }) => ({
        file: `tests/notebooks/faults/${name}.py`,
        widgets: { user_id: 'learner', lake, ...widgets },
      })),
      { folder: join(folder, 'spark') },
    )
  }, 1_800_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each(faults.map(([id, name, _, message, fix], nth) => ({ id, name, message, fix, nth })))(
    '$id $name: named, with its fix',
    ({ id, message, fix, nth }) => {
      const { run: failed, tables } = outcomes[nth] as NotebookOutcome
      const { problem } = failed
      // Counted as they come, art has four posts instead of three.
      if (id === 'F-65') expect(tables[0]).toContainEqual({ category: 'art', count: 4 })
      expect(problem?.message).toMatch(message)
      expect(problem?.message).toMatch(/\(\w+\.py, line \d+\)$/)
      expect(problem?.hint).toMatch(fix)
      expect(problem?.hint).toMatch(new RegExp(`\\(${id}\\)$`))
      expect(failed.cells.filter(({ state }) => state === 'failed')).toHaveLength(1)
    },
  )

  it('the same, done as our notebooks do it, fails nowhere', () => {
    const { run, text, tables } = outcomes[faults.length] as NotebookOutcome
    expect(run.problem).toBeNull()
    expect(text).toContain("mounts tried: 1, mounted: ['s3a://user-learner-bucket']")
    expect(text).toContain('mounts tried: 0')
    const [counts, rows, median] = tables
    expect(counts).toEqual([
      { category: 'art', count: 3 },
      { category: 'travel', count: 1 },
    ])
    expect(rows?.map(({ title, description, image_src }) => [title, description, image_src])).toEqual([
      [post.title, post.description, post.image_src],
      [null, post.description, post.image_src],
      [post.title, null, post.image_src],
      [post.title, post.description, null],
    ])
    expect(median).toEqual([{ median: 2.5, rows: 4 }])
  })
})
