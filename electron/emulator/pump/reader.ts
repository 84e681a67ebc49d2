/** Reads posts ahead, in order, so that a slow source is not waited for at each post. */
import { pause } from '../../lib/broadcast.ts'
import type { Draw } from '../order/order.ts'
import type { Source, SourcePost } from '../types.ts'
import { backOff } from './retry.ts'

/** Posts asked for before they are needed. */
const readAhead = 16
/** Attempts for one post; reading changes nothing, so a database that restarts is waited for. */
const attempts = 6

export interface Ahead {
  readonly sleepMs: number
  /** Rejects when the source cannot give it. */
  readonly post: Promise<SourcePost>
}

export interface Reader {
  /** The next post, or null after the last. */
  next(): Ahead | null
}

/** `posts` is the number of posts to read in all, undefined for no end; the first `asked` of them are not wanted. */
export function createReader(options: {
  readonly source: Source
  readonly order: () => Draw
  readonly posts: number | undefined
  readonly asked?: number
  readonly signal: AbortSignal
}): Reader {
  const { source, order, posts, signal } = options
  const ahead: Ahead[] = []
  let { asked = 0 } = options
  const fill = () => {
    while (ahead.length < readAhead && (posts === undefined || asked < posts)) {
      const { index, sleepMs } = order()
      const post = readPatiently(source, index, signal)
      // It is awaited later; until then a rejection must not count as unhandled.
      post.catch(() => undefined)
      ahead.push({ sleepMs, post })
      asked += 1
    }
  }
  return {
    next: () => {
      fill()
      return ahead.shift() ?? null
    },
  }
}

async function readPatiently(source: Source, index: number, signal: AbortSignal): Promise<SourcePost> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await source.read(index, signal)
    } catch (thrown) {
      const last = attempt === attempts - 1 || index >= source.size || signal.aborted
      if (last) throw thrown
      await pause(backOff(attempt + 4, Math.random()), signal)
    }
  }
}
