/** The nine answers computed another way: SQLite over the source rows, with a cleaning of its own. */
import { DatabaseSync } from 'node:sqlite'
import type { AnswerId } from '../../shared/notebooks.ts'

type Row = Readonly<Record<string, unknown>>
export interface SourceRows {
  readonly pin: readonly Row[]
  readonly geo: readonly Row[]
  readonly user: readonly Row[]
}

const nothings = new Set(['', 'User Info Error', 'No Title Data Available'])
const text = (value: unknown) => (typeof value === 'string' && !nothings.has(value) ? value : null)

function followers(value: unknown): number | null {
  const match = /^(\d+)([kM]?)$/.exec(String(value))
  if (match === null) return null
  return Number(match[1]) * { '': 1, k: 1_000, M: 1_000_000 }[match[2] as '' | 'k' | 'M']
}

const ageGroup = `CASE WHEN age < 18 THEN NULL WHEN age < 25 THEN '18-24' WHEN age < 36 THEN '25-35' WHEN age < 51 THEN '36-50' ELSE '+50' END`

/** The middle one, or the mean of the two in the middle, of each group. */
const median = (groups: string, from: string) => `
  SELECT ${groups}, AVG(f) AS median FROM (
    SELECT ${groups}, f, ROW_NUMBER() OVER (PARTITION BY ${groups} ORDER BY f) AS n, COUNT(*) OVER (PARTITION BY ${groups}) AS c
    FROM (${from}))
  WHERE n IN ((c + 1) / 2, (c + 2) / 2) GROUP BY ${groups} ORDER BY ${groups}`

/** The groups' largest counts, all of them where several are the largest. */
const most = (groups: string, from: string) => `
  WITH counts AS (SELECT ${groups}, category, COUNT(*) AS n FROM (${from}) WHERE category IS NOT NULL GROUP BY ${groups}, category)
  SELECT ${groups}, category, n FROM counts AS a
  WHERE n = (SELECT MAX(n) FROM counts AS b WHERE b.${groups} = a.${groups}) ORDER BY ${groups}, category`

const posts = 'SELECT * FROM pin JOIN geo ON pin.ind = geo.ind'
const people = `SELECT *, ${ageGroup} AS age_group FROM pin JOIN person ON pin.ind = person.ind`
const joined = 'joined BETWEEN 2015 AND 2020'

const queries: Readonly<Record<AnswerId, string>> = {
  category_by_country: most('country', posts),
  category_by_year: most('posted', `${posts} WHERE posted BETWEEN 2018 AND 2022`),
  top_user_by_country: `
    WITH named AS (${posts} WHERE poster IS NOT NULL AND f IS NOT NULL)
    SELECT DISTINCT country, poster, f FROM named AS a
    WHERE f = (SELECT MAX(f) FROM named AS b WHERE b.country = a.country) ORDER BY country, poster`,
  top_country: `
    WITH named AS (${posts} WHERE poster IS NOT NULL AND f IS NOT NULL)
    SELECT DISTINCT country, f FROM named WHERE f = (SELECT MAX(f) FROM named) ORDER BY country`,
  category_by_age: most('age_group', `SELECT * FROM (${people}) WHERE age_group IS NOT NULL`),
  followers_by_age: median(
    'age_group',
    `SELECT age_group, f FROM (${people}) WHERE age_group IS NOT NULL AND f IS NOT NULL`,
  ),
  joined_by_year: `SELECT joined, COUNT(*) FROM person WHERE ${joined} GROUP BY joined ORDER BY joined`,
  followers_by_year: median('joined', `SELECT joined, f FROM (${people}) WHERE ${joined} AND f IS NOT NULL`),
  followers_by_year_and_age: median(
    'age_group, joined',
    `SELECT age_group, joined, f FROM (${people}) WHERE ${joined} AND age_group IS NOT NULL AND f IS NOT NULL`,
  ),
}

/** Rows in the order of the columns that the notebook answers with. */
export function answersBySql({ pin, geo, user }: SourceRows): Record<AnswerId, unknown[][]> {
  const db = new DatabaseSync(':memory:')
  db.exec(
    'CREATE TABLE pin (ind INT, category TEXT, poster TEXT, f INT); CREATE TABLE geo (ind INT, country TEXT, posted INT); CREATE TABLE person (ind INT, age INT, joined INT)',
  )
  const fill = (table: string, rows: readonly Row[], values: (row: Row) => (string | number | null)[]) => {
    const seen = new Set(rows.map((row) => JSON.stringify(row)))
    const [first] = [...seen]
    if (first === undefined) return
    const marks = values(JSON.parse(first)).map(() => '?')
    const insert = db.prepare(`INSERT INTO ${table} VALUES (${marks.join()})`)
    for (const row of seen) insert.run(...values(JSON.parse(row)))
  }
  const year = (value: unknown) => Number(String(value).slice(0, 4))
  fill('pin', pin, (row) => [
    Number(row.index),
    text(row.category),
    text(row.poster_name),
    followers(row.follower_count),
  ])
  fill('geo', geo, (row) => [Number(row.ind), text(row.country), year(row.timestamp)])
  fill('person', user, (row) => [Number(row.ind), Number(row.age), year(row.date_joined)])
  const answers = Object.entries(queries).map(([id, query]) => [
    id,
    db
      .prepare(query)
      .all()
      .map((row) => Object.values(row)),
  ])
  db.close()
  return Object.fromEntries(answers)
}
