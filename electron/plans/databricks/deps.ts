/** What the steps of the plan `databricks` are made from, and what the things it makes are called. */
import type { DatabricksSettings } from '../../../shared/databricks.ts'
import type { AwsKeys } from '../../clients/aws/types.ts'
import type { Workspace } from '../../clients/databricks/http.ts'
import type { Ledger } from '../../plan/ledger.ts'

export interface DatabricksWanted {
  /** The pipeline. */
  readonly owner: string
  readonly userId: string
  readonly settings: DatabricksSettings
  /** Of the streams. */
  readonly region: string
  /** The streams are on AWS, where Databricks can reach them. */
  readonly streamsOnAws: boolean
  /** The folder `topics` of the lake on this computer; null where the pipeline has none. */
  readonly lake: string | null
}

export interface DatabricksDeps {
  /** Rejects with AppError. */
  workspace(): Promise<Workspace>
  wanted(): DatabricksWanted
  readonly ledger: Ledger
  /** This pipeline's on this computer: no other's jobs and volumes carry it. */
  readonly mark: string
  /** Names without `.py`, and texts in Databricks' source format. */
  notebooks(): Promise<readonly { readonly name: string; readonly text: string }[]>
  /** Of the pipeline's identity; null where it has none. Rejects with AppError. */
  awsKeys(): Promise<AwsKeys | null>
  /** Waits until the lake has what the topics have. Rejects with AppError. */
  lakeReady(signal: AbortSignal, tell: (text: string) => void): Promise<void>
  /** Records on their way into the lake; null where it is not known. */
  lakeLag(): Promise<number | null>
  /** Where it is written down which file was sent when. */
  readonly sentFile: string
}

/** Tag of a job, in the comment of a volume. */
export const markTag = 'pipeline-mark'

export const jobName = (owner: string, job: 'batch' | 'streaming'): string =>
  `pipeline-control ${owner} ${job}`

/** Letters, digits and _ only, as an unquoted name of SQL has it. */
const word = (text: string) => text.replace(/[^A-Za-z0-9_]/g, '_')

export interface Names {
  readonly folder: string
  readonly scope: string
  /** `catalog.schema.volume`; empty where there is no Unity Catalog and none was named. */
  readonly volume: string
}

export function namesOf({ owner, settings }: DatabricksWanted, mark: string, me: Me): Names {
  const ours = me.catalog === null ? '' : `${me.catalog}.default.pipeline_${word(owner)}_${mark}`
  return {
    folder: settings.folder || `/Users/${me.userName}/pipeline-control/${owner}`,
    scope: `pipeline-control-${owner}-${mark}`,
    volume: settings.lake.volume || ours,
  }
}

export interface Me {
  readonly userName: string
  /** Of Unity Catalog; null where the workspace has none. */
  readonly catalog: string | null
}

/** A scope is needed where keys of AWS are read from it. */
export const needsScope = ({ settings }: DatabricksWanted): boolean =>
  settings.lake.place === 'keys' ||
  settings.lake.place === 'mount' ||
  (settings.streams && settings.serviceCredential === '')

/** A volume is needed for the lake, or for the checkpoints of the streams. */
export const needsVolume = ({ settings }: DatabricksWanted, { catalog }: Me): boolean =>
  settings.lake.place === 'volume' || (settings.streams && catalog !== null)
