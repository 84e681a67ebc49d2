/** A session with a broker that may end (KIP-368): signed in to once, and renewed in time before the next request goes out. */

export interface Session {
  /** Null where a request may go out at once. Rejects as the sign-in does; nothing was sent then. */
  ready(): Promise<void> | null
}

/**
 * Renewed after this part of its life, where a request is sent at all: what is sent then must reach the broker before its end,
 * also by a slow tunnel. The Java client takes 0.85 to 0.95.
 */
const renewAfter = 0.8

/**
 * `signIn` answers the session's life in ms, 0 without end. While it is under way every request waits: the broker takes none
 * between its first word and its last.
 */
export function createSession(
  signIn: () => Promise<number>,
  now: () => number = () => performance.now(),
): Session {
  let renewAt = Number.NEGATIVE_INFINITY
  let under: Promise<void> | null = null
  const renew = async () => {
    const began = now()
    const lifetimeMs = await signIn()
    renewAt = lifetimeMs === 0 ? Number.POSITIVE_INFINITY : began + lifetimeMs * renewAfter
  }
  return {
    ready() {
      if (under === null && now() < renewAt) return null
      under ??= renew().finally(() => {
        under = null
      })
      return under
    },
  }
}
