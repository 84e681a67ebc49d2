/** A list that is looked at again and again as what changed in it, in parts that nobody has to wait for. */
import type { TopicChanges, TopicRow } from '../../shared/contract/topics.ts'

/** Rows of one part: checked, written and read in a few ms at both ends. */
const perPart = 500

const same = (a: TopicRow, b: TopicRow) =>
  (Object.keys(a) as (keyof TopicRow)[]).every((key) => a[key] === b[key])

/** Answers a function that takes each look; nothing comes of a look at which nothing changed, but of the first. */
export function topicChanges(): (list: readonly TopicRow[]) => Generator<TopicChanges, void, void> {
  let told: ReadonlyMap<string, TopicRow> | null = null
  return function* changes(list) {
    const before = told
    told = new Map(list.map((row) => [row.name, row]))
    const rows = list.filter((row) => {
      const known = before?.get(row.name)
      return known === undefined || !same(known, row)
    })
    const now = told
    const gone = [...(before?.keys() ?? [])].filter((name) => !now.has(name))
    if (before !== null && rows.length === 0 && gone.length === 0) return
    for (let at = 0; at === 0 || at < rows.length; at += perPart)
      yield {
        rows: rows.slice(at, at + perPart),
        gone: at === 0 ? gone : [],
        more: at + perPart < rows.length,
      }
  }
}
