/** The list of topics, put together from what the back end says has changed. */
import type { TopicChanges, TopicRow } from '../../../shared/contract/topics.ts'

const byName = new Intl.Collator()

/** Each value is the whole list in the order of names, once a look is whole; rows that did not change stay the same objects. */
export async function* topicList(
  changes: AsyncIterable<TopicChanges>,
): AsyncGenerator<readonly TopicRow[], void, void> {
  const known = new Map<string, TopicRow>()
  let names: string[] = []
  for await (const { rows, gone, more } of changes) {
    const before = known.size
    for (const row of rows) known.set(row.name, row)
    const added = known.size > before
    for (const name of gone) known.delete(name)
    // Sorting thousands of names takes some ms: only where there are others.
    if (added || gone.length > 0) names = []
    if (more) continue
    if (names.length === 0) names = [...known.keys()].sort(byName.compare)
    yield names.flatMap((name) => known.get(name) ?? [])
  }
}
