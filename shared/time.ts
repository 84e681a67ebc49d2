/** Times of records: a client may write none, or one that no calendar holds. */

/** The last millisecond that a `Date` holds (ECMA-262, 21.4.1.1): the year 275760. */
export const latestTime = 8_640_000_000_000_000

/** Kafka's −1 is none, and microseconds or nanoseconds taken for milliseconds may lie beyond the calendar. */
export const isTime = (ms: number): boolean => ms >= 0 && ms <= latestTime

/** `2026-11-24T12:00:00.000Z`; null where it is no time. */
export const isoTime = (ms: number): string | null => (isTime(ms) ? new Date(ms).toISOString() : null)
