/** What features need of each other, as small interfaces, so that none imports another's file for it. */
import type { Activity, ConsentQuestion, ConsentRequest } from '../../shared/contract/app.ts'
import type { Problem } from '../../shared/contract/base.ts'
import type { Pipeline, PipelineList } from '../../shared/contract/settings.ts'
import type { Settings } from '../../shared/settings.ts'

export type NewActivity = Omit<Activity, 'id' | 'at' | 'hint' | 'ended' | 'remind'> & {
  readonly hint?: string | null
  readonly ended?: Activity['ended']
  readonly remind?: Activity['remind']
}

/** What the app did, for people: redacted when added. */
export interface ActivityLog {
  add(entry: NewActivity): void
}

/** A destructive call's half of the consent: the token must be for exactly this request, and works once. */
export interface ConsentDesk {
  /** Throws AppError CONSENT_NEEDED. */
  redeem(token: string, request: ConsentRequest): Promise<void>
  /** How a request is put as a question; set once by the feature that knows what would be lost. */
  describe<A extends ConsentRequest['action']>(
    action: A,
    question: (request: Extract<ConsentRequest, { action: A }>) => Promise<ConsentQuestion>,
  ): void
}

export interface SettingsStore {
  get(): Settings
}

export interface Pipelines {
  list(): PipelineList
  /** Throws AppError PIPELINE_UNKNOWN. */
  get(id: string): Pipeline
  /** Called after any change of the list or of a pipeline's settings. */
  onChange(listener: () => void): void
}

/** Problems met while starting, shown on every page until they are mended. */
export type StartProblems = readonly Problem[]
