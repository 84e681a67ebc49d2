/** One session of AWS for each pipeline: its state, its sign-in in the browser, and its keys for whoever calls AWS. */
import type { AwsStatus } from '../../shared/contract/aws.ts'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import { usualProfile } from '../clients/aws/profileFiles.ts'
import { beginSignIn } from '../clients/aws/signIn.ts'
import type { AwsAccess, AwsKeys, Caller, Resolved, WhoseKeys } from '../clients/aws/types.ts'
import { networkOf } from '../lib/network.ts'
import type { Platform } from '../platform.ts'
import { type Entry, noIdentity, notConnected } from './awsSessionState.ts'
import { type AwsTrialsDeps, leftOf, openAwsTrials, spareMs } from './awsTrials.ts'

export interface AwsSessionsDeps extends AwsTrialsDeps {
  readonly platform: Pick<Platform, 'openPage'>
}

export interface AwsSessions {
  status(pipeline: string): AwsStatus
  /** Tries the connection where that was not done yet. */
  watch(pipeline: string, signal: AbortSignal | undefined): AsyncGenerator<AwsStatus, void, void>
  /** Never rejects for a connection that does not work: that is its state. */
  test(pipeline: string, mfaCode?: string): Promise<AwsStatus>
  /** The state when nothing is being tried any more. */
  settled(pipeline: string): Promise<AwsStatus>
  login(pipeline: string): Promise<AwsStatus>
  cancelLogin(pipeline: string): AwsStatus
  /** For calls to AWS; tries the connection first. Rejects with AppError where it does not work. */
  access(pipeline: string): Promise<AwsAccess>
  /** For what signs as the pipeline's identity, whichever that is when it is asked; null where it has none. */
  keys(pipeline: string): WhoseKeys
  /**
   * For what nobody asked for: tries the connection where nobody did, once, and says nothing of it. Null where it does not work.
   */
  quietAccess(pipeline: string): Promise<AwsAccess | null>
  /** The same, and whom AWS calls this. Rejects with AppError. */
  caller(pipeline: string): Promise<Caller>
  stop(): void
}

export function openAwsSessions(deps: AwsSessionsDeps): AwsSessions {
  const trials = openAwsTrials(deps)
  const { choiceOf, entryOf, patch, test, tested, tryOnce } = trials

  const finishSignIn = async (id: string, entry: Entry, finish: (signal: AbortSignal) => Promise<void>) => {
    const own = new AbortController()
    entry.signingIn = own
    try {
      await finish(own.signal)
      patch(entry, { signIn: null })
      await test(id)
    } catch (thrown) {
      const aborted = own.signal.aborted
      patch(entry, { signIn: null, ...(aborted ? {} : { problem: toErrorDetail(thrown) }) })
    } finally {
      if (entry.signingIn === own) entry.signingIn = null
    }
  }

  const ready = (id: string, { resolved, state }: Entry): Resolved & { readonly keys: AwsKeys } => {
    const chosen = choiceOf(id).source !== 'none'
    if (chosen && resolved?.keys != null) return { ...resolved, keys: resolved.keys }
    throw new AppError((chosen && state.get().problem) || notConnected)
  }
  const keysOf = async (id: string): Promise<AwsKeys> => {
    const entry = await tested(id)
    if (leftOf(ready(id, entry).keys) < spareMs) await tryOnce(id, entry, { renewal: true })
    return ready(id, entry).keys
  }
  const access = async (id: string): Promise<AwsAccess> => {
    const { region, endpoint } = ready(id, await tested(id))
    return { region, endpoint, network: await networkOf(deps.settings.get()), keys: () => keysOf(id) }
  }

  return {
    status: (id) => entryOf(id).state.get(),
    async *watch(id, signal) {
      const entry = entryOf(id)
      void tested(id)
      yield* entry.state.watch(signal)
    },
    async test(id, mfaCode) {
      await test(id, { mfaCode })
      return entryOf(id).state.get()
    },
    async settled(id) {
      const entry = await tested(id)
      for (let turn: unknown; turn !== entry.turn; ) {
        turn = entry.turn
        await turn
      }
      return entry.state.get()
    },
    async login(id) {
      const entry = entryOf(id)
      entry.signingIn?.abort()
      const name = entry.resolved?.profile ?? (choiceOf(id).profile || usualProfile())
      const { url, code, expiresAt, finish } = await beginSignIn(name, await networkOf(deps.settings.get()))
      const opened = await deps.platform.openPage('awsSignIn', url)
      patch(entry, { signIn: { url, code, expiresAt, opened } })
      void finishSignIn(id, entry, finish)
      return entry.state.get()
    },
    cancelLogin(id) {
      const entry = entryOf(id)
      entry.signingIn?.abort()
      patch(entry, { signIn: null })
      return entry.state.get()
    },
    access,
    keys: (id) => (choiceOf(id).source === 'none' ? null : () => keysOf(id)),
    async quietAccess(id) {
      const entry = entryOf(id)
      if (choiceOf(id).source === 'none') return null
      await entry.turn
      if (entry.state.get().testedAt === null) await test(id, { quiet: true })
      return entry.state.get().state === 'connected' ? access(id) : null
    },
    async caller(id) {
      const ready = await access(id)
      const { identity, problem } = entryOf(id).state.get()
      if (identity === null) throw new AppError(problem ?? noIdentity)
      return { access: ready, arn: identity.arn }
    },
    stop: trials.stop,
  }
}
