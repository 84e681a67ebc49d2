/** One session of Databricks for each pipeline: tried, told, and asked about where a person is needed. */
import { isDeepStrictEqual } from 'node:util'
import type { DatabricksStatus } from '../../../shared/contract/databricks.ts'
import type { DatabricksSettings } from '../../../shared/databricks.ts'
import { AppError, toErrorDetail } from '../../../shared/errors.ts'
import { listClusters } from '../../clients/databricks/clusters.ts'
import { openWorkspace, type Workspace } from '../../clients/databricks/http.ts'
import { defaultCatalog, hasServerless, whoAmI } from '../../clients/databricks/me.ts'
import { beginBrowserSignIn } from '../../clients/databricks/oauth.ts'
import { listenForRedirect } from '../../clients/databricks/redirect.ts'
import type { DatabricksAccess } from '../../clients/databricks/types.ts'
import { type Broadcast, broadcast } from '../../lib/broadcast.ts'
import { networkOf } from '../../lib/network.ts'
import { servicePage } from '../../lib/servicePage.ts'
import type { Platform } from '../../platform.ts'
import type { ActivityLog, Pipelines } from '../deps.ts'
import { databricksSecret } from '../secretNames.ts'
import { openTokens, type TokenDeps } from './tokens.ts'

export interface DatabricksSessionsDeps extends TokenDeps {
  readonly pipelines: Pipelines
  readonly platform: Pick<Platform, 'openPage'>
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

interface Entry {
  readonly state: Broadcast<DatabricksStatus>
  /** What `open` was made for. */
  chosen: DatabricksSettings | null
  open: Promise<{ readonly access: DatabricksAccess; readonly workspace: Workspace }> | null
  signingIn: AbortController | null
}

/** A person has so long to sign in, ms. */
const signInMs = 600_000
const asks = /^DATABRICKS_(?:TOKEN_MISSING|SIGN_IN_NEEDED|SIGN_IN_REFUSED)$/

/** What decides about the connection. */
const connectionOf = ({ auth, host, clientId, profile }: DatabricksSettings) => ({
  auth,
  host,
  clientId,
  profile,
})
export const sameWorkspace = (one: DatabricksSettings, other: DatabricksSettings): boolean =>
  isDeepStrictEqual(connectionOf(one), connectionOf(other))

export function openDatabricksSessions(deps: DatabricksSessionsDeps): DatabricksSessions {
  const { pipelines, secrets, settings, platform, activity } = deps
  const entries = new Map<string, Entry>()
  const chosenOf = (id: string) => pipelines.get(id).settings.databricks
  const hasSecret = (id: string, { auth }: DatabricksSettings) =>
    (auth === 'token' || auth === 'oauth' || auth === 'browser') && secrets.has(databricksSecret(id, auth))
  const blank = (id: string): DatabricksStatus => {
    const chosen = chosenOf(id)
    return {
      auth: chosen.auth,
      host: chosen.host,
      state: 'none',
      identity: null,
      can: null,
      hasSecret: hasSecret(id, chosen),
      signIn: null,
      problem: null,
      testedAt: null,
    }
  }
  const entryOf = (id: string): Entry => {
    const known = entries.get(id)
    if (known !== undefined) return known
    const made: Entry = { state: broadcast(blank(id)), chosen: null, open: null, signingIn: null }
    entries.set(id, made)
    return made
  }
  const patch = (entry: Entry, change: Partial<DatabricksStatus>) =>
    entry.state.set({ ...entry.state.get(), ...change })
  const told = (id: string, level: 'good' | 'bad', text: string, hint: string | null = null) =>
    activity.add({ level, area: 'databricks', pipeline: id, text, hint })

  const drop = (entry: Entry) => {
    const { open } = entry
    entry.open = null
    entry.chosen = null
    void open?.then(({ workspace }) => workspace.close()).catch(() => {})
  }
  const opened = (id: string, entry: Entry) => {
    const chosen = chosenOf(id)
    if (entry.chosen !== null && !sameWorkspace(entry.chosen, chosen)) drop(entry)
    entry.chosen = chosen
    if (entry.open !== null) return entry.open
    const open = openTokens(id, chosen, deps).then((access) => ({ access, workspace: openWorkspace(access) }))
    entry.open = open
    open.catch(() => {
      if (entry.open === open) drop(entry)
    })
    return open
  }

  const lookAround = async (workspace: Workspace) => {
    const { userName, displayName, admin, clusters: mayMakeClusters } = await whoAmI(workspace)
    const quietly = <T>(asked: Promise<T>) =>
      asked.catch((thrown) => {
        if (thrown instanceof AppError && thrown.code === 'DATABRICKS_FORBIDDEN') return null
        throw thrown
      })
    const [serverless, clusters, catalog] = await Promise.all([
      hasServerless(workspace),
      quietly(listClusters(workspace)),
      quietly(defaultCatalog(workspace)),
    ])
    const shown = clusters?.map(({ id, name, state }) => ({ id, name, state })) ?? null
    return {
      identity: { userName, displayName, admin },
      can: { serverless, clusters: shown, mayMakeClusters, catalog },
    }
  }

  const test = async (id: string): Promise<DatabricksStatus> => {
    const entry = entryOf(id)
    const chosen = chosenOf(id)
    if (chosen.auth === 'none') {
      drop(entry)
      entry.state.set(blank(id))
      return entry.state.get()
    }
    const before = entry.state.get()
    patch(entry, { auth: chosen.auth, hasSecret: hasSecret(id, chosen), state: 'testing' })
    try {
      const { workspace } = await opened(id, entry)
      patch(entry, { host: workspace.host })
      const found = await lookAround(workspace)
      if (!sameWorkspace(chosen, chosenOf(id))) return entry.state.get()
      patch(entry, { ...found, state: 'connected', problem: null, testedAt: Date.now() })
      if (before.identity?.userName !== found.identity.userName || before.state !== 'connected')
        told(id, 'good', `Connected to Databricks as ${found.identity.userName}: ${workspace.host}`)
    } catch (thrown) {
      const problem = { ...toErrorDetail(thrown) }
      if (!sameWorkspace(chosen, chosenOf(id))) return entry.state.get()
      const state = asks.test(problem.code) ? 'ask' : 'failed'
      patch(entry, { identity: null, can: null, state, problem, testedAt: Date.now() })
      if (before.problem?.code !== problem.code && state === 'failed')
        told(id, 'bad', problem.message, problem.hint)
    }
    return entry.state.get()
  }

  pipelines.onChange(() => {
    const ids = new Set(pipelines.list().items.map((item) => item.id))
    for (const [id, entry] of entries) {
      if (!ids.has(id)) {
        entry.signingIn?.abort()
        drop(entry)
        entries.delete(id)
      } else if (entry.chosen !== null && !sameWorkspace(entry.chosen, chosenOf(id))) {
        entry.signingIn?.abort()
        drop(entry)
        entry.state.set(blank(id))
        void test(id)
      }
    }
  })

  const finishSignIn = async (
    id: string,
    entry: Entry,
    code: Promise<string>,
    use: (code: string) => Promise<void>,
  ) => {
    const own = entry.signingIn
    try {
      await use(await code)
      drop(entry)
      patch(entry, { signIn: null })
      await test(id)
    } catch (thrown) {
      const quiet = own?.signal.aborted === true && own.signal.reason?.name === 'AbortError'
      patch(entry, { signIn: null, ...(quiet ? {} : { problem: { ...toErrorDetail(thrown) } }) })
    } finally {
      if (entry.signingIn === own) entry.signingIn = null
    }
  }

  return {
    status: (id) => ({ ...entryOf(id).state.get(), hasSecret: hasSecret(id, chosenOf(id)) }),
    async *watch(id, signal) {
      const entry = entryOf(id)
      if (entry.state.get().testedAt === null && entry.state.get().state !== 'testing') void test(id)
      yield* entry.state.watch(signal)
    },
    test: async (id) => {
      // A secret may be another by now.
      drop(entryOf(id))
      return test(id)
    },
    async login(id, remember) {
      const entry = entryOf(id)
      const { host, auth } = chosenOf(id)
      if (auth !== 'browser' || host === '') throw notBrowser()
      entry.signingIn?.abort()
      const own = new AbortController()
      entry.signingIn = own
      const until = AbortSignal.any([own.signal, AbortSignal.timeout(signInMs)])
      const network = await networkOf(settings.get())
      const redirect = await listenForRedirect()
      try {
        const begun = await beginBrowserSignIn(host, redirect.url, network, until)
        const url = servicePage(begun.url, host)
        if (url === null) throw notBrowser()
        const shown = await platform.openPage('databricksSignIn', url)
        patch(entry, { signIn: { url, opened: shown }, problem: null })
        const name = databricksSecret(id, 'browser')
        void finishSignIn(id, entry, redirect.code(begun.state, until), async (code) => {
          const { refresh } = await begun.finish(code, until)
          if (refresh === null) throw noRefresh()
          if (remember) await secrets.remember(name, refresh)
          else secrets.hold(name, refresh)
        }).finally(redirect.close)
      } catch (thrown) {
        redirect.close()
        throw thrown
      }
      return entry.state.get()
    },
    cancelLogin(id) {
      const entry = entryOf(id)
      entry.signingIn?.abort()
      patch(entry, { signIn: null })
      return entry.state.get()
    },
    workspace: async (id) => (await opened(id, entryOf(id))).workspace,
    access: async (id) => (await opened(id, entryOf(id))).access,
    async stop() {
      for (const entry of entries.values()) {
        entry.signingIn?.abort()
        drop(entry)
      }
    },
  }
}

const notBrowser = () =>
  new AppError({
    code: 'DATABRICKS_NOT_BROWSER',
    message: 'This pipeline does not sign in to Databricks in the browser.',
    hint: 'Choose "in the browser" and the workspace’s address first.',
    field: 'databricks.auth',
  })

const noRefresh = () =>
  new AppError({
    code: 'DATABRICKS_SIGN_IN_FAILED',
    message: 'The sign-in did not come about: the workspace gave no session that can be renewed',
    hint: 'Use a personal access token.',
  })
