/** What the steps of the plan `databricks` are made from, and what the things it makes are called. */
import type { DatabricksSettings } from '../../../shared/databricks.ts'
import type { Kind } from '../../../shared/names.ts'
import type { AwsKeys } from '../../clients/aws/types.ts'
import type { Workspace } from '../../clients/databricks/http.ts'
import type { Ledger } from '../../plan/ledger.ts'

export interface DatabricksWanted {
  /** The pipeline. */
  readonly owner: string
  readonly userId: string
  /** Names of topics and of streams that are not the usual ones. */
  readonly topics: Readonly<Partial<Record<Kind, string | undefined>>>
  readonly streams: Readonly<Partial<Record<Kind, string | undefined>>>
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
  /** Of the workspace that was asked last. */
  readonly ledger: Ledger
  /** This pipeline's on this computer: no other's jobs and volumes carry it. */
  readonly mark: string
  /** Other workspaces in which something of this pipeline was made and not taken back. */
  elsewhere(): readonly string[]
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

/** Letters, digits and _ only, as an unquoted name of SQL has it. */
const word = (text: string) => text.replace(/[^A-Za-z0-9_]/g, '_')

export interface Names {
  readonly folder: string
  readonly scope: string
  /** `catalog.schema.volume`; empty where none was named and there is no catalog that could have one. */
  readonly volume: string
}

/** `catalog`: that names without one are in; null where there is none that has volumes. */
export function namesOf(
  { owner, settings }: DatabricksWanted,
  mark: string,
  { userName, catalog }: { readonly userName: string; readonly catalog: string | null },
): Names {
  const ours = catalog === null ? '' : `${catalog}.default.pipeline_${word(owner)}_${mark}`
  return {
    folder: settings.folder.replace(/\/+$/, '') || `/Users/${userName}/pipeline-control/${owner}`,
    scope: `pipeline-control-${owner}-${mark}`,
    // Unity Catalog keeps them in small letters.
    volume: (settings.lake.volume || ours).toLowerCase(),
  }
}

/** A scope is needed where keys of AWS are read from it. */
export const needsScope = ({ settings }: DatabricksWanted): boolean =>
  settings.lake.place === 'keys' ||
  settings.lake.place === 'mount' ||
  (settings.streams && settings.serviceCredential === '')

/** A volume is needed for the lake, or for the checkpoints of the streams where there are volumes at all. */
export const needsVolume = ({ settings }: DatabricksWanted, volume: string): boolean =>
  settings.lake.place === 'volume' || (settings.streams && volume !== '')
