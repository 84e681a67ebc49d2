/** What an incident is set with, as texts of fields, and back. */
import {
  type BadKind,
  badKinds,
  type IncidentId,
  type IncidentOptions,
  incidentOptionsSchema,
} from '../../../shared/incidents.ts'

export interface IncidentForm {
  readonly seconds: string
  /** Empty: the contract's own choice. */
  readonly stream: string
  readonly shard: string
  readonly left: string
  readonly delay: string
  readonly records: string
  readonly kinds: readonly BadKind[]
  readonly members: string
  readonly every: string
}

export type IncidentField = keyof IncidentForm

/** The contract's defaults. */
export const firstForm: IncidentForm = {
  seconds: '30',
  stream: '',
  shard: '',
  left: '1',
  delay: '2000',
  records: '12',
  kinds: badKinds,
  members: '2',
  every: '4',
}

const fieldOf: Readonly<Record<string, IncidentField>> = {
  forMs: 'seconds',
  stream: 'stream',
  shard: 'shard',
  recordsPerSecond: 'left',
  delayMs: 'delay',
  count: 'records',
  kinds: 'kinds',
  members: 'members',
  everyMs: 'every',
}

/** An empty field is no number, not 0. */
const number = (text: string, times = 1): number =>
  text.trim() === '' ? Number.NaN : Math.round(Number(text) * times * 1_000) / 1_000

function inputOf(id: IncidentId, form: IncidentForm): Record<string, unknown> {
  const forMs = number(form.seconds, 1_000)
  switch (id) {
    case 'broker-down':
      return { id, forMs }
    case 'throttled-shard':
      return {
        id,
        forMs,
        recordsPerSecond: number(form.left),
        ...(form.stream === '' ? {} : { stream: form.stream }),
        ...(form.shard === '' ? {} : { shard: form.shard }),
      }
    case 'slow-gateway':
      return { id, forMs, delayMs: number(form.delay) }
    case 'bad-records':
      return { id, forMs, count: number(form.records), kinds: form.kinds }
    case 'rebalance':
      return { id, forMs, members: number(form.members), everyMs: number(form.every, 1_000) }
  }
}

export type ParsedIncident =
  | { readonly ok: true; readonly options: IncidentOptions }
  | { readonly ok: false; readonly errors: Readonly<Partial<Record<IncidentField, string>>> }

export function parseIncident(id: IncidentId, form: IncidentForm): ParsedIncident {
  const parsed = incidentOptionsSchema.safeParse(inputOf(id, form))
  if (parsed.success) return { ok: true, options: parsed.data }
  const issues = parsed.error.issues.map(
    ({ path, message }) => [fieldOf[String(path[0])] ?? 'seconds', message] as const,
  )
  return { ok: false, errors: Object.fromEntries(issues.reverse()) }
}
