/** Merges sorted sequences into one, holding one entry of each. */

/** `compare` below 0 means the first comes first. Sequences are read as far as needed and ended when left early. */
export async function* mergeSorted<T>(
  sequences: readonly AsyncGenerator<T>[],
  compare: (a: T, b: T) => number,
): AsyncGenerator<T> {
  /** A binary heap: the smallest head is at the root. */
  const heap: { head: T; readonly sequence: AsyncGenerator<T> }[] = []
  const before = (a: number, b: number) => {
    const first = heap[a]
    const second = heap[b]
    return first !== undefined && second !== undefined && compare(first.head, second.head) < 0
  }
  const swap = (a: number, b: number) => {
    const first = heap[a]
    const second = heap[b]
    if (first === undefined || second === undefined) return
    heap[a] = second
    heap[b] = first
  }
  const sink = () => {
    for (let at = 0; ; ) {
      let smallest = at
      if (before(2 * at + 1, smallest)) smallest = 2 * at + 1
      if (before(2 * at + 2, smallest)) smallest = 2 * at + 2
      if (smallest === at) return
      swap(at, smallest)
      at = smallest
    }
  }
  const rise = () => {
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!before(at, parent)) return
      swap(at, parent)
      at = parent
    }
  }

  try {
    for (const sequence of sequences) {
      const first = await sequence.next()
      if (first.done) continue
      heap.push({ head: first.value, sequence })
      rise()
    }
    for (let root = heap[0]; root !== undefined; root = heap[0]) {
      yield root.head
      const next = await root.sequence.next()
      if (next.done) {
        const last = heap.pop()
        if (last !== undefined && heap.length > 0) heap[0] = last
      } else root.head = next.value
      sink()
    }
  } finally {
    await Promise.all(sequences.map((sequence) => sequence.return(undefined)))
  }
}
