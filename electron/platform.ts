/** What a door must offer so that the same app runs behind it; nothing else about the host is known to the app. */

import type { ConsentQuestion, Door } from '../shared/contract/app.ts'
import type { LinkId, PageKind } from '../shared/links.ts'
import type { Secret } from './lib/secret.ts'

/** Child programs and workers that are ours; each is one built file below `out/entries/`. */
export type EntryName = 'kinesis' | 'stack' | 'pumpWorker' | 'owner'

/** Absolute folders. */
export interface Folders {
  /** The user's data: settings, pipelines, runs (`PIPELINE_HOME`). */
  readonly home: string
  /** What can be fetched again: Java, Kafka (`PIPELINE_CACHE`). */
  readonly cache: string
  /** The `resources/` folder as shipped. */
  readonly resources: string
  /** The built entries, outside any asar. */
  readonly entries: string
}

/** A running Node child: messages are structured-cloneable values; `disconnect` of the parent ends it (decision 3). */
export interface NodeChild {
  readonly pid: number
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Resolves when it has ended. `code` is null after a signal. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>
  /** Everything it wrote to its standard error, line by line. */
  onLine(listener: (line: string) => void): void
  kill(signal?: NodeJS.Signals): void
}

/** The operating system's own store for secrets, where the door has one. */
export interface Cipher {
  /** The store's name, recorded beside each secret ("gnome_libsecret", "keychain", "dpapi"). */
  readonly store: string
  encrypt(text: string): Promise<Uint8Array>
  decrypt(data: Uint8Array): Promise<Secret>
}

export interface Platform {
  readonly door: Door
  readonly version: string
  readonly folders: Folders
  /** Starts one of our entries as a child program; it watches its parent first of all (decision 3). */
  fork(
    entry: EntryName,
    options: { readonly args: readonly string[]; readonly env?: Record<string, string> },
  ): NodeChild
  readonly cipher: Cipher | null
  /**
   * Asks for consent to something destructive. The desktop shows a native dialog and ignores `typed`; elsewhere `typed`
   * must equal `question.typed`.
   */
  consent(question: ConsentQuestion, typed: string): Promise<boolean>
  /** Opens an address of the closed list; false where the door cannot (the web page opens it itself). */
  openLink(link: LinkId): Promise<boolean>
  /** Opens a page of a closed list of kinds, at an address that the service itself named, never the page. False where the door cannot. */
  openPage(kind: PageKind, url: string): Promise<boolean>
}
