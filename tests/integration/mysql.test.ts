/** The original's database as a source: three tables in a real MariaDB. */
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectMysql } from '../../electron/clients/mysql.ts'
import { createDataset, datasetSize } from '../../electron/emulator/dataset/dataset.ts'
import { createSource } from '../../electron/emulator/sources/create.ts'
import type { Source } from '../../electron/emulator/types.ts'
import { secret } from '../../electron/lib/secret.ts'
import { sourceSchema } from '../../shared/emulation.ts'
import { mariadbMissing, startMariadb, type TestMariadb } from '../helpers/mariadb.ts'

const missing = await mariadbMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const signal = new AbortController().signal

describe.skipIf(missing !== null)(`MySQL source${missing === null ? '' : ` (${missing})`}`, () => {
  let database: TestMariadb
  beforeAll(async () => {
    database = await startMariadb()
    await database.run(...schema('pinterest_data'), ...rows('pinterest_data'))
  })
  afterAll(() => database?.stop())

  const open = (
    over: Record<string, unknown> = {},
    password = database.password,
    ca = '',
  ): Promise<Source> => {
    const { host, port, user } = database
    const options = sourceSchema.parse({ kind: 'mysql', host, port, user, ...over })
    return createSource(options, secret(password), ca ? { ca } : {}, signal)
  }

  it('reads row n of the three tables by key, as the original emits it', async () => {
    const source = await open()
    expect([source.size, source.warnings]).toEqual([datasetSize, []])
    const dataset = createDataset(100)
    for (const index of [7528, 0, 11_153, 10_794]) {
      const { pin, geo, user } = dataset(index)
      expect(await source.read(index, signal)).toEqual({ index, rows: { pin, geo, user } })
    }
    const { rows: read } = await source.read(7528, signal)
    expect(Object.keys(read.pin)).toEqual(Object.keys(dataset(7528).pin))
    expect(JSON.stringify(read.geo)).toContain('"timestamp":"2020-08-28 03:52:47"')
    await expect(source.read(11_154, signal)).rejects.toMatchObject({ code: 'ROW_BEYOND_SOURCE' })
    await source.close()
  })

  it('reads many rows at once over one pool', async () => {
    const source = await open()
    const indexes = Array.from({ length: 500 }, (_, i) => (i * 7_919) % datasetSize)
    const posts = await Promise.all(indexes.map((index) => source.read(index, signal)))
    expect(posts.map(({ rows: read }) => [read.pin.index, read.geo.ind, read.user.ind])).toEqual(
      indexes.map((index) => [index, index, index]),
    )
    await source.close()
  })

  it('falls back to LIMIT n, 1 where no key counts the rows, and says so', async () => {
    await database.run(
      ['CREATE DATABASE gaps'],
      ['CREATE TABLE gaps.pinterest_data (`index` INT, title TEXT)'],
      ['CREATE TABLE gaps.geolocation_data (country TEXT)'],
      [
        'CREATE TABLE gaps.user_data (ind INT PRIMARY KEY, joined DATETIME(6), part DECIMAL(6,2), raw VARBINARY(9))',
      ],
      ['INSERT INTO gaps.pinterest_data VALUES (9, "b"), (4, "a")'],
      ['INSERT INTO gaps.geolocation_data VALUES ("Aruba"), ("Chad"), ("Fiji")'],
      [
        'INSERT INTO gaps.user_data VALUES (0, "2016-01-02 03:04:05.600000", 1.50, "x"), (1, NULL, NULL, NULL)',
      ],
    )
    const source = await open({ database: 'gaps' })
    expect(source.size).toBe(2)
    expect(source.warnings).toEqual([
      expect.stringContaining('(2, 3, 2)'),
      expect.stringContaining('pinterest_data, geolocation_data'),
    ])
    expect((await source.read(0, signal)).rows).toEqual({
      pin: { index: 4, title: 'a' },
      geo: { country: 'Aruba' },
      user: { ind: 0, joined: '2016-01-02 03:04:05', part: 1.5, raw: 'x' },
    })
    expect((await source.read(1, signal)).rows.user).toEqual({ ind: 1, joined: null, part: null, raw: null })
    await source.close()
  })

  it('uses TLS and trusts only the authority it is given', async () => {
    const source = await open({ tls: 'required' }, database.password, database.ca)
    expect(source.size).toBe(datasetSize)
    await source.close()
    const { host, port, user } = database
    const client = connectMysql({
      ...{ host, port, user, database: 'pinterest_data', tls: 'required', ca: database.ca },
      password: secret(database.password),
    })
    await client.close()
    await expect(open({ tls: 'required' })).rejects.toMatchObject({ code: 'MYSQL_TLS_FAILED' })
  })

  it.each([
    ['a closed port', { port: 1 }, undefined, 'MYSQL_UNREACHABLE', 'options.source.host'],
    ['an unknown host', { host: 'nowhere.invalid' }, undefined, 'MYSQL_UNREACHABLE', 'options.source.host'],
    ['a wrong password', {}, 'canary-wrong-91', 'MYSQL_ACCESS_DENIED', 'password'],
    [
      'a missing database',
      { database: 'nothing' },
      undefined,
      'MYSQL_DATABASE_MISSING',
      'options.source.database',
    ],
    ['missing tables', { database: 'mysql' }, undefined, 'MYSQL_TABLE_MISSING', 'options.source.database'],
  ])('tells %s from the others, without the password', async (_name, over, password, code, field) => {
    const thrown = await open(over, password ?? database.password).then(
      () => null,
      (error: unknown) => error,
    )
    expect(thrown).toMatchObject({ code, field })
    expect(inspect(thrown, { depth: 9, showHidden: true })).not.toContain('canary')
  })
})

type Statement = readonly [sql: string, values?: unknown[]]

function schema(name: string): Statement[] {
  return [
    [`CREATE DATABASE ${name} CHARACTER SET utf8mb4`],
    [
      `CREATE TABLE ${name}.pinterest_data (\`index\` INT PRIMARY KEY, unique_id TEXT, title TEXT, description TEXT,
       poster_name TEXT, follower_count TEXT, tag_list TEXT, is_image_or_video TEXT, image_src TEXT, downloaded INT,
       save_location TEXT, category TEXT)`,
    ],
    [
      `CREATE TABLE ${name}.geolocation_data (ind INT PRIMARY KEY, timestamp DATETIME, latitude FLOAT, longitude FLOAT,
       country TEXT)`,
    ],
    [
      `CREATE TABLE ${name}.user_data (ind INT PRIMARY KEY, first_name TEXT, last_name TEXT, age INT,
       date_joined DATETIME)`,
    ],
  ]
}

function rows(name: string): Statement[] {
  const make = createDataset(100)
  const posts = Array.from({ length: datasetSize }, (_, index) => make(index))
  const insert = (table: string, values: readonly object[]): Statement => [
    `INSERT INTO ${name}.${table} VALUES ?`,
    [values.map((row) => Object.values(row))],
  ]
  return Array.from({ length: Math.ceil(datasetSize / 1_000) }, (_, i) =>
    posts.slice(i * 1_000, (i + 1) * 1_000),
  ).flatMap((part) => [
    insert(
      'pinterest_data',
      part.map(({ pin }) => pin),
    ),
    insert(
      'geolocation_data',
      part.map(({ geo }) => geo),
    ),
    insert(
      'user_data',
      part.map(({ user }) => user),
    ),
  ])
}
