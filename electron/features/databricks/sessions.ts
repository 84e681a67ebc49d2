/** One session of Databricks for each pipeline: tried, told, and asked about where a person is needed. */
import { isDeepStrictEqual } from 'node:util'
import type { DatabricksStatus } from '../../../shared/contract/databricks.ts'
import type { DatabricksSettings } from '../../../shared/databricks.ts'
import { type AppError, toErrorDetail } from '../../../shared/errors.ts'
import { openWorkspace, type Workspace } from '../../clients/databricks/http.ts'
import type { Tokens } from '../../clients/databricks/oauth.ts'
import type { DatabricksAccess } from '../../clients/databricks/types.ts'
import { type Broadcast, broadcast } from '../../lib/broadcast.ts'
import type { ActivityLog, Pipelines } from '../deps.ts'
import { databricksSecret } from '../secretNames.ts'
import { type BrowserLoginDeps, browserLogin } from './browserLogin.ts'
import { lookAround } from './lookAround.ts'
import { isSignInNeeded, type OpenTokens, openTokens, type TokenDeps } from './tokens.ts'

export interface DatabricksSessionsDeps
  extends Omit<TokenDeps, 'renewals'>,
    Omit<BrowserLoginDeps, 'secrets'> {
  readonly pipelines: Pipelines
  readonly activity: ActivityLog
}

export interface DatabricksSessions {
  status(pipeline: string): DatabricksStatus
  /** Tries the connection where that was not done yet. */
  watch(pipeline: string, signal: AbortSignal | undefined): AsyncGenerator<DatabricksStatus, void, void>
  /** Never rejects for a connection that does not work: that is its state. */
  test(pipeline: string): Promise<DatabricksStatus>
  /** Rejects with AppError where the browser cannot be sent anywhere. */
  login(pipeline: string, remember: boolean): Promise<DatabricksStatus>
  cancelLogin(pipeline: string): DatabricksStatus
  /** For calls to the workspace. Rejects with AppError where the settings name no way to it. */
  workspace(pipeline: string): Promise<Workspace>
  /** For what somebody else is to be given: Airflow's connection. Rejects with AppError. */
  access(pipeline: string): Promise<DatabricksAccess>
  stop(): Promise<void>
}

interface Opened {
  readonly access: OpenTokens
  readonly workspace: Workspace
}

interface Entry {
  readonly state: Broadcast<DatabricksStatus>
  /** What `open` was made for, and is to be made for next. */
  chosen: DatabricksSettings
  open: Promise<Opened> | null
  signingIn: AbortController | null
  /** Of the tests: only the newest one says how it stands. */
  round: number
}

/** What decides about the connection. */
const connectionOf = ({ auth, host, clientId, profile }: DatabricksSettings) => ({
  auth,
  host,
  clientId,
  profile,
})
const sameConnection = (one: DatabricksSettings, other: DatabricksSettings): boolean =>
  isDeepStrictEqual(connectionOf(one), connectionOf(other))

export function openDatabricksSessions(deps: DatabricksSessionsDeps): DatabricksSessions {
  const { pipelines, secrets, activity } = deps
  const entries = new Map<string, Entry>()
  const renewals = new Map<string, Promise<Tokens>>()
  const chosenOf = (id: string) => pipelines.get(id).settings.databricks
  const hasSecret = (id: string, { auth }: DatabricksSettings) =>
    (auth === 'token' || auth === 'oauth' || auth === 'browser') && secrets.has(databricksSecret(id, auth))
  const blank = (id: string): DatabricksStatus => {
    const chosen = chosenOf(id)
    const nothing = { identity: null, can: null, signIn: null, problem: null, testedAt: null }
    return {
      auth: chosen.auth,
      host: chosen.host,
      state: 'none',
      hasSecret: hasSecret(id, chosen),
      ...nothing,
    }
  }
  const entryOf = (id: string): Entry => {
    const known = entries.get(id)
    if (known !== undefined) return known
    const state = broadcast(blank(id))
    const made: Entry = { state, chosen: chosenOf(id), open: null, signingIn: null, round: 0 }
    entries.set(id, made)
    return made
  }
  const patch = (entry: Entry, change: Partial<DatabricksStatus>) =>
    entry.state.set({ ...entry.state.get(), ...change })
  const told = (id: string, level: 'good' | 'bad', text: string, hint: string | null = null) =>
    activity.add({ level, area: 'databricks', pipeline: id, text, hint })

  /** What is under way with it comes to its end. */
  const drop = (entry: Entry) => {
    const { open } = entry
    entry.open = null
    void open?.then(({ workspace }) => workspace.close()).catch(() => {})
  }
  const opened = (id: string): Promise<Opened> => {
    const entry = entryOf(id)
    const known = entry.open
    if (known !== null) return known
    // A session that ended later is asked for again, on whichever page that was met.
    const onRefused = (error: AppError) => {
      if (entry.open === open && entry.state.get().state === 'connected')
        patch(entry, { identity: null, can: null, state: 'ask', problem: { ...toErrorDetail(error) } })
    }
    const open: Promise<Opened> = openTokens(id, entry.chosen, { ...deps, renewals }, onRefused).then(
      (access) => ({ access, workspace: openWorkspace(access) }),
    )
    entry.open = open
    open.catch(() => {
      if (entry.open === open) entry.open = null
    })
    return open
  }

  const test = async (id: string): Promise<DatabricksStatus> => {
    const entry = entryOf(id)
    const { chosen } = entry
    entry.round += 1
    const { round } = entry
    if (chosen.auth === 'none') {
      entry.state.set(blank(id))
      return entry.state.get()
    }
    const before = entry.state.get()
    patch(entry, { auth: chosen.auth, hasSecret: hasSecret(id, chosen), state: 'testing' })
    try {
      const { access, workspace } = await opened(id)
      access.forget()
      if (round === entry.round) patch(entry, { host: workspace.host })
      const found = await lookAround(workspace)
      if (round !== entry.round) return entry.state.get()
      patch(entry, { ...found, state: 'connected', problem: null, testedAt: Date.now() })
      if (before.identity?.userName !== found.identity.userName)
        told(id, 'good', `Connected to Databricks as ${found.identity.userName}: ${workspace.host}`)
    } catch (thrown) {
      if (round !== entry.round) return entry.state.get()
      const problem = { ...toErrorDetail(thrown) }
      const state = isSignInNeeded(problem.code) ? 'ask' : 'failed'
      patch(entry, { identity: null, can: null, state, problem, testedAt: Date.now() })
      if (before.problem?.code !== problem.code && state === 'failed')
        told(id, 'bad', problem.message, problem.hint)
    }
    return entry.state.get()
  }

  pipelines.onChange(() => {
    const ids = new Set(pipelines.list().items.map((item) => item.id))
    for (const [id, entry] of entries) {
      const there = ids.has(id)
      if (there && sameConnection(entry.chosen, chosenOf(id))) continue
      entry.signingIn?.abort()
      drop(entry)
      if (!there) entries.delete(id)
      else {
        entry.chosen = chosenOf(id)
        entry.state.set(blank(id))
        void test(id)
      }
    }
  })

  return {
    status: (id) => ({ ...entryOf(id).state.get(), hasSecret: hasSecret(id, chosenOf(id)) }),
    async *watch(id, signal) {
      const entry = entryOf(id)
      if (entry.state.get().testedAt === null && entry.state.get().state !== 'testing') void test(id)
      yield* entry.state.watch(signal)
    },
    test,
    async login(id, remember) {
      const entry = entryOf(id)
      entry.signingIn?.abort()
      const own = new AbortController()
      entry.signingIn = own
      const { signIn, over } = await browserLogin(id, entry.chosen, remember, deps, own.signal)
      patch(entry, { signIn, problem: null })
      void over
        .then(() => test(id))
        .catch((thrown) => {
          if (!own.signal.aborted) patch(entry, { problem: { ...toErrorDetail(thrown) } })
        })
        .finally(() => {
          if (entry.signingIn !== own) return
          entry.signingIn = null
          patch(entry, { signIn: null })
        })
      return entry.state.get()
    },
    cancelLogin(id) {
      const entry = entryOf(id)
      entry.signingIn?.abort()
      patch(entry, { signIn: null })
      return entry.state.get()
    },
    workspace: async (id) => (await opened(id)).workspace,
    access: async (id) => (await opened(id)).access,
    async stop() {
      for (const entry of entries.values()) {
        entry.signingIn?.abort()
        drop(entry)
      }
    },
  }
}
