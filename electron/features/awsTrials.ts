/** How a pipeline's identity of AWS is tried: again where it must be, renewed before its end, and watched with its files. */
import { unwatchFile, watchFile } from 'node:fs'
import type { AwsChoice } from '../../shared/aws.ts'
import type { AwsStatus } from '../../shared/contract/aws.ts'
import type { Problem } from '../../shared/contract/base.ts'
import { toErrorDetail } from '../../shared/errors.ts'
import { awsMayPass } from '../clients/aws/errors.ts'
import { callerIdentity } from '../clients/aws/identity.ts'
import { profilePaths } from '../clients/aws/profileFiles.ts'
import { type ResolveDeps, resolveSources } from '../clients/aws/sources.ts'
import type { AwsKeys, Resolved } from '../clients/aws/types.ts'
import { broadcast } from '../lib/broadcast.ts'
import { networkOf } from '../lib/network.ts'
import { blank, type Entry, failure, notConnected, sameConnection } from './awsSessionState.ts'
import type { ActivityLog, Pipelines, SettingsStore } from './deps.ts'
import { awsSecret } from './secretNames.ts'
import type { SecretStore } from './secretStore.ts'

export interface AwsTrialsDeps {
  readonly pipelines: Pipelines
  readonly settings: SettingsStore
  readonly secrets: Pick<SecretStore, 'get' | 'has'>
  readonly activity: ActivityLog
}

export interface Trial {
  readonly mfaCode?: string | undefined
  /** Nothing is said of it in the activity. */
  readonly quiet?: boolean
  /** What still works is kept where AWS is not reached. */
  readonly renewal?: boolean
}

export interface AwsTrials {
  choiceOf(pipeline: string): AwsChoice
  entryOf(pipeline: string): Entry
  patch(entry: Entry, change: Partial<AwsStatus>): void
  /** Tries it now, after what is being tried. Never rejects for a connection that does not work. */
  test(pipeline: string, trial?: Trial): Promise<void>
  /** Tries it where that is due: not yet, not as what was chosen since, or in vain for a reason that may be over. */
  tested(pipeline: string): Promise<Entry>
  /** One try for all who wait for it. */
  tryOnce(pipeline: string, entry: Entry, trial: Trial): Promise<void>
  stop(): void
}

/** So long before its end a session is renewed, ms, and for short ones a fifth of what is left. */
const renewBeforeMs = 300_000
/** Keys nearer to their end are not used for a new call, ms. */
export const spareMs = 30_000
/** After a failure that may pass, ms: whoever needs the keys then has it tried again. */
const againMs = 5_000
/** How often the files of `~/.aws` are looked at, ms. */
const lookMs = 1_000

export const leftOf = ({ expiresAt }: AwsKeys): number => (expiresAt ?? Number.POSITIVE_INFINITY) - Date.now()

export function openAwsTrials(deps: AwsTrialsDeps): AwsTrials {
  const { pipelines, secrets, activity } = deps
  const entries = new Map<string, Entry>()
  const watched: string[] = []

  const choiceOf = (id: string): AwsChoice => pipelines.get(id).settings.aws
  const entryOf = (id: string): Entry => {
    const known = entries.get(id)
    if (known !== undefined) return known
    const state = broadcast<AwsStatus>(blank(choiceOf(id), secrets.has(awsSecret(id))))
    const made: Entry = {
      state,
      resolved: null,
      choice: null,
      trying: null,
      turn: Promise.resolve(),
      timer: undefined,
      signingIn: null,
    }
    entries.set(id, made)
    watchFiles()
    return made
  }
  const patch = (entry: Entry, change: Partial<AwsStatus>) =>
    entry.state.set({ ...entry.state.get(), ...change })

  const inputs = async (id: string, mfaCode: string | undefined): Promise<ResolveDeps> => {
    const { settings } = pipelines.get(id)
    // Only asked for where they are meant: a locked vault is no reason to fail a profile.
    const wanted = settings.aws.source === 'keys' || settings.aws.source === 'auto'
    return {
      network: await networkOf(deps.settings.get()),
      typed: wanted && secrets.has(awsSecret(id)) ? await secrets.get(awsSecret(id)) : null,
      mfaCode,
      fallbackRegion: settings.endpoints.region,
    }
  }

  const attempt = async (
    id: string,
    entry: Entry,
    { mfaCode, quiet = false, renewal = false }: Trial,
  ): Promise<void> => {
    const choice = choiceOf(id)
    const hasKeys = secrets.has(awsSecret(id))
    clearTimeout(entry.timer)
    if (choice.source === 'none') {
      entry.resolved = null
      entry.state.set(blank(choice, hasKeys))
      return
    }
    const before = entry.state.get()
    const kept =
      renewal && entry.choice !== null && sameConnection(entry.choice, choice) ? entry.resolved : null
    const fail = (change: Partial<AwsStatus> & { readonly problem: Problem }) => {
      const stays = awsMayPass(change.problem.code) && kept?.keys != null && leftOf(kept.keys) > spareMs
      if (!stays) return refused(id, entry, change, quiet)
      entry.resolved = kept
      patch(entry, { state: before.state })
      renewLater(id, entry, kept.keys)
    }
    patch(entry, { choice, hasKeys, state: 'testing' })
    try {
      const given = await inputs(id, mfaCode)
      const resolved = usable(entry, choice, mfaCode) ?? (await resolveSources(choice, given))
      const { keys, problem, via, region, tried, renewable } = resolved
      entry.resolved = resolved
      entry.choice = choice
      const about = { choice, hasKeys, via, region, tried: [...tried], renewable, testedAt: Date.now() }
      if (keys === null) return fail({ ...about, ...failure(problem ?? notConnected) })
      const { endpoint } = resolved
      const identity = await callerIdentity({
        region,
        endpoint,
        network: given.network,
        keys: async () => keys,
      })
      patch(entry, {
        ...about,
        identity,
        state: 'connected',
        expiresAt: keys.expiresAt,
        ask: null,
        problem: null,
      })
      const same =
        before.identity?.arn === identity.arn && before.state !== 'failed' && before.state !== 'ask'
      if (!quiet && !same) {
        const text = `Connected to AWS as ${identity.name}, account ${identity.account}, ${region}, by ${via}`
        activity.add({ level: 'good', area: 'aws', pipeline: id, text })
      }
      renewLater(id, entry, keys)
    } catch (thrown) {
      entry.resolved = null
      entry.choice = choice
      fail({ choice, hasKeys, testedAt: Date.now(), ...failure(toErrorDetail(thrown)) })
    }
  }

  /** Keys that took a person's code are used to their end, not asked for again with each test. */
  const usable = (entry: Entry, choice: AwsChoice, mfaCode: string | undefined): Resolved | null => {
    const { resolved } = entry
    const last = entry.choice
    if (resolved?.keys == null || last === null || resolved.renewable || mfaCode !== undefined) return null
    return leftOf(resolved.keys) > spareMs && sameConnection(last, choice) ? resolved : null
  }

  const refused = (
    id: string,
    entry: Entry,
    change: Partial<AwsStatus> & { readonly problem: Problem },
    quiet: boolean,
  ) => {
    const { message, hint, code } = change.problem
    const told = entry.state.get().problem?.code === code
    patch(entry, change)
    if (!told && !quiet) activity.add({ level: 'bad', area: 'aws', pipeline: id, text: message, hint })
  }

  const test = (id: string, trial: Trial = {}): Promise<void> => {
    const entry = entryOf(id)
    const work = entry.turn.then(() => attempt(id, entry, trial))
    entry.turn = work.catch(() => undefined)
    return work
  }

  /** What cannot be renewed without a person ends, and then a person is asked. */
  const renewLater = (id: string, entry: Entry, { expiresAt }: AwsKeys) => {
    if (expiresAt === null) return
    const left = expiresAt - Date.now()
    const lead = entry.resolved?.renewable ? Math.min(renewBeforeMs, left / 5) : 0
    // A timer takes at most 2^31 ms; looking again earlier does no harm.
    entry.timer = setTimeout(
      () => void test(id, { renewal: true }),
      Math.max(1_000, Math.min(left - lead, 2 ** 31 - 1)),
    )
    entry.timer.unref()
  }

  const watchFiles = () => {
    if (watched.length > 0) return
    const paths = Object.values(profilePaths())
    watched.push(...paths)
    const changed = () => {
      for (const [id, entry] of entries) {
        const { source } = choiceOf(id)
        const live = entry.state.get().state === 'connected' && entry.resolved?.renewable === false
        // A session that took a code is kept: it would be lost for nothing.
        if ((source === 'profile' || source === 'auto') && entry.resolved !== null && !live) void test(id)
      }
    }
    for (const path of paths) watchFile(path, { persistent: false, interval: lookMs }, changed)
  }

  pipelines.onChange(() => {
    const ids = new Set(pipelines.list().items.map((item) => item.id))
    for (const [id, entry] of entries) {
      if (!ids.has(id)) {
        forget(entry)
        entries.delete(id)
      } else if (!sameConnection(entry.state.get().choice, choiceOf(id))) {
        entry.signingIn?.abort()
        entry.state.set(blank(choiceOf(id), secrets.has(awsSecret(id))))
        void test(id)
      } else if (entry.state.get().choice.colour !== choiceOf(id).colour) {
        patch(entry, { choice: choiceOf(id) })
      }
    }
  })

  const forget = (entry: Entry) => {
    clearTimeout(entry.timer)
    entry.signingIn?.abort()
  }

  /** Not tried yet, not as what was chosen since, or in vain for a reason that may be over. */
  const isDue = (id: string, { state, choice }: Entry): boolean => {
    const { testedAt, problem } = state.get()
    if (choiceOf(id).source === 'none') return false
    if (testedAt === null || choice === null || !sameConnection(choice, choiceOf(id))) return true
    return problem !== null && awsMayPass(problem.code) && Date.now() - testedAt > againMs
  }
  const tested = async (id: string): Promise<Entry> => {
    const entry = entryOf(id)
    while (isDue(id, entry)) {
      // A change is tried by itself.
      await entry.turn
      if (isDue(id, entry)) await tryOnce(id, entry, {})
    }
    return entry
  }
  /** One try for all who wait for it. */
  const tryOnce = (id: string, entry: Entry, trial: Trial): Promise<void> => {
    entry.trying ??= test(id, trial).finally(() => {
      entry.trying = null
    })
    return entry.trying
  }

  return {
    choiceOf,
    entryOf,
    patch,
    test,
    tested,
    tryOnce,
    stop() {
      for (const path of watched) unwatchFile(path)
      for (const entry of entries.values()) forget(entry)
    },
  }
}
