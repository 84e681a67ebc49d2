/** A sequence that can be looked at without taking from it. */

export interface Cursor<T> {
  /** The next one, or null after the last. */
  peek(): T | null
  advance(): Promise<void>
  close(): Promise<void>
}

/** Reads the first one at once. */
export async function createCursor<T>(sequence: AsyncGenerator<T>): Promise<Cursor<T>> {
  let next = await sequence.next()
  return {
    peek: () => (next.done ? null : next.value),
    advance: async () => {
      next = await sequence.next()
    },
    close: async () => {
      await sequence.return(undefined)
    },
  }
}
