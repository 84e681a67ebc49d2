/** The emulator's joints: source → pump → sinks. */

import type { PreviewRecord, SinkId } from '../../shared/emulation.ts'
import type { Kind } from '../../shared/names.ts'

/** One row of one table as the source returns it, column order kept; datetimes already as `YYYY-MM-DD HH:MM:SS`. */
export type Row = Readonly<Record<string, string | number | boolean | null>>

export interface SourcePost {
  readonly index: number
  readonly rows: Readonly<Record<Kind, Row>>
}

export interface Source {
  /** What a person should know about it before they start. */
  readonly warnings?: readonly string[]
  /** Number of posts it holds; an index beyond it is an error that says so (F-75), never an empty record. */
  readonly size: number
  read(index: number, signal: AbortSignal): Promise<SourcePost>
  close(): Promise<void>
}

/** One record on its way: a third of a post. */
export interface Outgoing {
  readonly index: number
  readonly kind: Kind
  /** JSON text, made once for all sinks. */
  readonly json: string
  /** Of its JSON text, as the journal knows it; made once too. */
  readonly checksum: number
  readonly partitionKey: string | null
}

/** Where an acknowledged record is: what the journal keeps and the report reads back. */
export type AckPosition =
  | { readonly to: 'kafka'; readonly topic: string; readonly partition: number; readonly offset: bigint }
  | { readonly to: 'kinesis'; readonly stream: string; readonly shard: string; readonly sequence: bigint }
  | { readonly to: 'file'; readonly path: string; readonly line: number }

export type Outcome =
  | { readonly ok: true; readonly position: AckPosition | null }
  | {
      readonly ok: false
      readonly code: string
      readonly message: string
      readonly hint: string
      /** It certainly did not arrive, and sending it again may help. */
      readonly retriable: boolean
      /** Nobody answered: it may have arrived all the same (a time-out, a broken connection). Never retriable. */
      readonly uncertain?: boolean
    }

export interface Sink {
  readonly id: SinkId
  /**
   * Sends one batch of one kind and answers an outcome for each record, in order. Does not retry: the pump decides, with
   * back-off and jitter, and only for records whose failure is retriable and certain not to have arrived.
   */
  send(kind: Kind, records: readonly Outgoing[], signal: AbortSignal): Promise<Outcome[]>
  /** The same batch as it would go out. */
  preview(kind: Kind, records: readonly Outgoing[]): PreviewRecord[]
  close(): Promise<void>
}
