/** What the SSH client is given and what it gives: no type of ssh2 in it. */
import type { Duplex } from 'node:stream'
import type { Secret } from '../../lib/secret.ts'

/** A key a host shows: its algorithm (`ssh-ed25519`) and its sum as OpenSSH prints it (`SHA256:…`). */
export interface HostKey {
  readonly algorithm: string
  readonly sha256: string
}

/** Which host keys count: the one that was accepted for this pipeline, else what `known_hosts` says. */
export interface HostKeyPolicy {
  readonly pinned: HostKey | null
  /** Texts of `known_hosts` files, joined. */
  readonly knownHosts: string
}

export interface Prompt {
  readonly text: string
  /** False where what is typed must not be shown. */
  readonly echo: boolean
}

/** What a person can sign in with; all that are given are tried, in this order. */
export interface SshAuth {
  /** Socket or pipe of an agent. */
  readonly agent: string | null
  /** Text of a private key. */
  readonly key: { readonly text: Secret; readonly passphrase: Secret | null } | null
  /** For the methods `password` and `keyboard-interactive` with one hidden question. */
  readonly password: Secret | null
  /** Answers other questions of the server (one-time codes); null says nobody can be asked. */
  readonly ask: ((prompts: readonly Prompt[]) => Promise<readonly Secret[]>) | null
}

export interface SshHop {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly auth: SshAuth
  readonly hostKey: HostKeyPolicy
}

export interface SshTarget extends SshHop {
  /** The host between, as with `ssh -J`. */
  readonly jump: SshHop | null
}

export interface ExecOptions {
  /** Sends TERM to the command (OpenSSH 7.9 and newer passes it on) and ends its channel. */
  readonly signal?: AbortSignal
  /** Written to the command's input, which then ends. A secret goes this way, never in the command's text. */
  readonly stdin?: string | Uint8Array | Secret
  /** Keeps the command's input open until then, whatever was written to it. */
  readonly openUntil?: AbortSignal
  /** Each line as it comes, without control characters and cut at 16 KiB. */
  readonly onLine?: (line: string, from: 'out' | 'err') => void
  /** Characters of a line that `onLine` is given at most; 16 KiB by default. More only where the lines are read by a program. */
  readonly longestLine?: number
  /** Bytes kept of each output; the rest is read, given to `onLine` and forgotten. 1 MiB by default. */
  readonly keep?: number
}

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null
  /** `TERM`, `KILL`; null where it ended by itself. */
  readonly signal: string | null
}

export interface ExecResult extends Ended {
  readonly stdout: string
  readonly stderr: string
  /** True where more came than was kept. */
  readonly truncated: boolean
}

export interface TransferOptions {
  readonly signal?: AbortSignal
  /** Bytes done and in all; at most ten times a second, and once at the end. */
  readonly onProgress?: (done: number, total: number) => void
}

export interface UploadOptions extends TransferOptions {
  /** Permission bits of the file on the host; 0o644 by default. */
  readonly mode?: number
}

/** Part of a file that came over before a connection was lost is not sent again. */
export interface Uploaded {
  readonly bytes: number
  /** Bytes that were there already. */
  readonly resumedAt: number
}

export interface ShellOptions {
  readonly columns: number
  readonly rows: number
  /** Terminal type; xterm-256color by default. */
  readonly term?: string
  /** Runs this instead of the login shell. */
  readonly command?: string
  /** False runs the command without a terminal: its two outputs stay apart, and bytes pass untouched. */
  readonly pty?: boolean
}

export interface Shell {
  /** What is typed; ends the command's input when it ends. */
  readonly input: NodeJS.WritableStream
  /** What is shown; reading it slowly slows the host. */
  readonly output: NodeJS.ReadableStream
  /** Apart only without a terminal. */
  readonly errors: NodeJS.ReadableStream
  resize(columns: number, rows: number): void
  /** Resolves when it is over; code and signal are both null where the connection was lost. */
  readonly ended: Promise<Ended>
  close(): void
}

/** `idle`: not needed yet or closed by the host while nothing ran; the next use connects again. */
export type SshState = 'idle' | 'connecting' | 'connected' | 'lost' | 'closed'

/** One connection to one host, shared by everybody who uses it; connects when it is first used and again when it was lost. */
export interface SshHost {
  /** `user@host:port` */
  readonly name: string
  state(): SshState
  /** Answers how to leave. */
  onState(listener: (state: SshState) => void): () => void
  /** Connects where it is not; throws AppError SSH_…. */
  connect(signal?: AbortSignal): Promise<void>
  /** Runs one command by the login shell. A command that fails is a result; AppError where it could not be run or was cut off. */
  exec(command: string, options?: ExecOptions): Promise<ExecResult>
  /**
   * Writes a file or bytes to an absolute path of the host: aside first, then renamed. A file that was cut off goes on where it
   * was, by the sum of its content. Throws AppError.
   */
  upload(from: string | Uint8Array, path: string, options?: UploadOptions): Promise<Uploaded>
  /** The other way round, with the same promises. */
  download(path: string, to: string, options?: TransferOptions): Promise<Uploaded>
  /** The text of a small file; null where there is none. Throws AppError where it is larger than `limit` bytes (1 MiB). */
  readText(path: string, limit?: number): Promise<string | null>
  /**
   * A connection from the host to an address as the host sees it. Answers at once and buffers until it is open; emits
   * `connect` then, `error` (AppError) where it cannot be.
   */
  forward(host: string, port: number): Duplex
  /** An interactive terminal, or a command with its streams. */
  shell(options: ShellOptions): Promise<Shell>
  /** Ends it for all; what is under way fails. */
  close(): void
}
