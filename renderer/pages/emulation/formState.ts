/** The form of an emulation as plain text fields, and what they mean to the contract. */
import {
  type EmulationOptions,
  emulationOptionsSchema,
  type PartitionKeyOptions,
  type RateOptions,
  type SinkId,
  type SourceOptions,
} from '../../../shared/emulation.ts'
import { curveText, parseCurve } from '../../../shared/rateCurve.ts'
import { issueText } from '../../components/form/draft.ts'

export interface FormState {
  readonly source: SourceOptions['kind']
  readonly sourceSeed: string
  readonly host: string
  readonly port: string
  readonly user: string
  readonly password: string
  readonly remember: boolean
  readonly database: string
  readonly tls: boolean
  readonly format: 'ndjson' | 'csv'
  readonly pinFile: string
  readonly geoFile: string
  readonly userFile: string
  readonly order: EmulationOptions['order']
  readonly seed: string
  readonly rate: RateOptions['kind']
  readonly postsPerSecond: string
  /** A changing pace in the words of `shared/rateCurve.ts`. */
  readonly curve: string
  /** Seconds of throttling after which the run ends; empty: never. */
  readonly throttledFor: string
  readonly posts: string
  readonly seconds: string
  readonly batch: string
  readonly inFlight: string
  readonly acks: EmulationOptions['acks']
  readonly compression: EmulationOptions['compression']
  readonly key: PartitionKeyOptions['kind']
  readonly keyValue: string
  readonly sinks: readonly SinkId[]
  readonly filePath: string
}

export const firstState: FormState = {
  source: 'builtin',
  sourceSeed: '100',
  host: '',
  port: '3306',
  user: '',
  password: '',
  remember: false,
  database: 'pinterest_data',
  tls: false,
  format: 'ndjson',
  pinFile: '',
  geoFile: '',
  userFile: '',
  order: 'faithful',
  seed: '100',
  rate: 'faithful',
  postsPerSecond: '100',
  curve: 'ramp:10..200/60s',
  throttledFor: '',
  posts: '500',
  seconds: '',
  batch: '1',
  inFlight: '4',
  acks: 'all',
  compression: 'none',
  key: 'index',
  keyValue: 'partition-1',
  sinks: ['rest', 'streams'],
  filePath: '',
}

/** An empty field is "not given"; anything that is no number is left for the schema to refuse. */
const number = (text: string): number | undefined => (text.trim() === '' ? undefined : Number(text))

function sourceOf(state: FormState) {
  if (state.source === 'builtin') return { kind: state.source, seed: number(state.sourceSeed) }
  if (state.source === 'files') {
    return {
      kind: state.source,
      format: state.format,
      paths: { pin: state.pinFile, geo: state.geoFile, user: state.userFile },
    }
  }
  const { host, user, database } = state
  return {
    kind: state.source,
    host,
    user,
    database,
    port: number(state.port),
    tls: state.tls ? 'required' : 'off',
  }
}

function rateOf({ rate, postsPerSecond, curve }: FormState) {
  if (rate === 'curve') {
    try {
      return { kind: rate, ...parseCurve(curve) }
    } catch {
      return { kind: rate, points: [] }
    }
  }
  return rate === 'constant' ? { kind: rate, postsPerSecond: number(postsPerSecond) } : { kind: rate }
}

export type Parsed =
  | { readonly ok: true; readonly options: EmulationOptions }
  /** By the path of the option: `rate.postsPerSecond`. */
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> }

export function parseForm(state: FormState): Parsed {
  const seconds = number(state.seconds)
  const throttledFor = number(state.throttledFor)
  const parsed = emulationOptionsSchema.safeParse({
    source: sourceOf(state),
    order: state.order,
    seed: number(state.seed),
    rate: rateOf(state),
    posts: number(state.posts),
    forMs: seconds === undefined ? undefined : seconds * 1_000,
    throttledForMs: throttledFor === undefined ? undefined : throttledFor * 1_000,
    batch: number(state.batch),
    inFlight: number(state.inFlight),
    acks: state.acks,
    compression: state.compression,
    partitionKey: state.key === 'constant' ? { kind: state.key, value: state.keyValue } : { kind: state.key },
    sinks: [...state.sinks],
    filePath: state.filePath,
  })
  if (parsed.success) return { ok: true, options: parsed.data }
  const errors: Record<string, string> = {}
  for (const issue of parsed.error.issues) errors[issue.path.join('.')] ??= issueText(issue)
  return { ok: false, errors }
}

/** A past run's settings as a form, to run it again. The password is asked for anew. */
export function formOf(options: EmulationOptions): FormState {
  const { source, rate, partitionKey } = options
  return {
    ...firstState,
    source: source.kind,
    ...(source.kind === 'builtin' ? { sourceSeed: String(source.seed) } : {}),
    ...(source.kind === 'mysql'
      ? {
          host: source.host,
          port: String(source.port),
          user: source.user,
          database: source.database,
          tls: source.tls === 'required',
        }
      : {}),
    ...(source.kind === 'files'
      ? {
          format: source.format,
          pinFile: source.paths.pin,
          geoFile: source.paths.geo,
          userFile: source.paths.user,
        }
      : {}),
    order: options.order,
    seed: String(options.seed),
    rate: rate.kind,
    ...(rate.kind === 'constant' ? { postsPerSecond: String(rate.postsPerSecond) } : {}),
    ...(rate.kind === 'curve' ? { curve: curveText(rate) } : {}),
    throttledFor: options.throttledForMs === undefined ? '' : String(options.throttledForMs / 1_000),
    posts: options.posts === undefined ? '' : String(options.posts),
    seconds: options.forMs === undefined ? '' : String(options.forMs / 1_000),
    batch: String(options.batch),
    inFlight: String(options.inFlight),
    acks: options.acks,
    compression: options.compression,
    key: partitionKey.kind,
    ...(partitionKey.kind === 'constant' ? { keyValue: partitionKey.value } : {}),
    sinks: options.sinks,
    filePath: options.filePath,
  }
}
