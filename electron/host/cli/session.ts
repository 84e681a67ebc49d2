/** What the commands need of the world: the contract's client, a terminal to write to, and a way to be interrupted. */
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../../../shared/contract.ts'
import type { SecretVariables } from './environment.ts'
import { usage } from './parse.ts'

export type Client = ContractRouterClient<Contract>

export interface Session {
  readonly client: Client
  /** True where another process owns the back end; then nothing that runs there ends with this command. */
  readonly attached: boolean
  dispose(): Promise<void>
}

export interface Terminal {
  /** Results: standard output. */
  out(line: string): void
  /** Progress and errors: standard error. */
  note(line: string): void
  /** Rewrites one line where the terminal can, else says nothing: progress that is only of interest while it happens. */
  status(line: string): void
  /** True where a person can be asked. */
  readonly interactive: boolean
  ask(question: string): Promise<string>
  /** The same, and what is typed is not shown. */
  askHidden(question: string): Promise<string>
  /** Standard input and output as bytes, for what runs elsewhere. */
  streams(): ByteStreams
}

export interface ByteStreams {
  /** Null where standard output is no terminal. */
  size(): { readonly columns: number; readonly rows: number } | null
  onSize(listener: (size: { readonly columns: number; readonly rows: number }) => void): void
  /** What is typed goes through untouched, Ctrl-C included. */
  raw(): void
  /** The next bytes are read when what `data` answered is done. */
  onInput(data: (bytes: Uint8Array) => Promise<unknown>, end: () => void): void
  write(to: 'out' | 'err', bytes: Uint8Array): void
  /** Gives the terminal back. */
  end(): void
}

export interface CliDeps {
  /** Attaches to the back end that owns the folder, or becomes it. */
  open(): Promise<Session>
  /** Attaches to a back end that stays when this command ends; starts it where there is none. */
  openDetached(): Promise<Session>
  /** Serves the page on loopback until interrupted. */
  serve(options: { readonly port: number }): Promise<void>
  readonly terminal: Terminal
  /** What the environment gave. */
  readonly given: SecretVariables
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal
  readonly version: string
}

/** Opens a session, does the work and closes it, whatever happens. */
export async function withSession<T>(
  open: () => Promise<Session>,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await open()
  try {
    return await work(session)
  } finally {
    await session.dispose()
  }
}

/** The pipeline a command is about: the one named by id or name, else the active one. Throws AppError. */
export async function pickPipeline(client: Client, wanted: string | undefined): Promise<string> {
  const { active, items } = await client.pipelines.list()
  if (wanted === undefined) return active
  const found =
    items.find((item) => item.id === wanted) ?? items.find((item) => item.settings.name === wanted)
  if (found !== undefined) return found.id
  throw usage(
    'pipeline',
    `No pipeline is called: ${wanted}`,
    `There is ${items.map((item) => item.id).join(', ')}.`,
  )
}
