/** The gateway's own counters, for the map: totals since it started, and how long the last requests took. */

/** Percentiles are over this many of the newest requests. */
const window = 1_024

export interface GatewayStats {
  /** Answered requests, refused ones included. */
  readonly requests: number
  /** Answers of 400 and above, and records that failed inside a 200. */
  readonly errors: number
  /** Refused for load (429, 503). */
  readonly rejected: number
  readonly inFlight: number
  /** Milliseconds over the newest requests, without long polls; 0 before the first. */
  readonly p50Ms: number
  readonly p99Ms: number
  /** Acknowledged records by topic and by stream. */
  readonly topics: Readonly<Record<string, number>>
  readonly streams: Readonly<Record<string, number>>
  /** REST consumers that exist now. */
  readonly consumers: number
  /** Answers that an incident held back. */
  readonly delayed: number
}

export interface Counters {
  answered(status: number, ms: number | null): void
  accepted(kind: 'topics' | 'streams', name: string, records: number): void
  failed(records: number): void
  heldBack(): void
  read(now: { readonly inFlight: number; readonly consumers: number }): GatewayStats
}

/** One set of counters. */
export function createCounters(): Counters {
  let requests = 0
  let errors = 0
  let rejected = 0
  let durations = 0
  let delayed = 0
  const ring = new Float64Array(window)
  const accepted = { topics: new Map<string, number>(), streams: new Map<string, number>() }
  const at = (sorted: Float64Array, share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return {
    answered: (status, ms) => {
      requests += 1
      if (status >= 400) errors += 1
      if (status === 429 || status === 503) rejected += 1
      if (ms !== null) ring[durations++ % window] = ms
    },
    accepted: (kind, name, records) => {
      if (records > 0) accepted[kind].set(name, (accepted[kind].get(name) ?? 0) + records)
    },
    failed: (records) => {
      errors += records
    },
    heldBack: () => {
      delayed += 1
    },
    read: (now) => {
      const sorted = ring.slice(0, Math.min(durations, window)).sort()
      return {
        requests,
        errors,
        rejected,
        ...now,
        delayed,
        p50Ms: at(sorted, 0.5),
        p99Ms: at(sorted, 0.99),
        topics: Object.fromEntries(accepted.topics),
        streams: Object.fromEntries(accepted.streams),
      }
    },
  }
}

/** The same as plain numbers by name, as a child program sends them: `gateway.requests`, `gateway.topic.<name>`, … */
export function gatewayNumbers({ topics, streams, ...rest }: GatewayStats): Record<string, number> {
  const numbers: Record<string, number> = {}
  for (const [name, value] of Object.entries(rest)) numbers[`gateway.${name}`] = value
  for (const [name, value] of Object.entries(topics)) numbers[`gateway.topic.${name}`] = value
  for (const [name, value] of Object.entries(streams)) numbers[`gateway.stream.${name}`] = value
  return numbers
}
