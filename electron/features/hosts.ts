/** The contract's branch `hosts`: the machine of a pipeline, its test, and sessions on it. */
import type { HostView } from '../../shared/contract/hosts.ts'
import { AppError } from '../../shared/errors.ts'
import { agentSocket } from '../clients/ssh/agent.ts'
import { checkKey } from '../clients/ssh/keyText.ts'
import { secret } from '../lib/secret.ts'
import type { ActivityLog } from './deps.ts'
import type { HostLinks } from './hostLinks.ts'
import { openHostSessions } from './hostSessions.ts'
import { testHost } from './hostTest.ts'
import type { OpenPipelines } from './pipelineStore.ts'
import { api } from './rpc.ts'
import { type HopWhich, hopSecrets, hostSecret, hostSecrets } from './secretNames.ts'
import type { SecretStore } from './secretStore.ts'
import { neverAborted, told } from './told.ts'

export interface HostsDeps {
  readonly pipelines: OpenPipelines
  readonly links: HostLinks
  readonly secrets: Pick<SecretStore, 'get' | 'has' | 'hold' | 'remember' | 'remove'>
  readonly activity: ActivityLog
}

export function hostsFeature({ pipelines, links, secrets, activity }: HostsDeps) {
  const sessions = openHostSessions()
  const view = (pipeline: string): HostView => {
    const held = (which: HopWhich) => ({
      key: secrets.has(hostSecret(pipeline, which, 'key')),
      passphrase: secrets.has(hostSecret(pipeline, which, 'passphrase')),
      password: secrets.has(hostSecret(pipeline, which, 'password')),
    })
    return {
      settings: pipelines.get(pipeline).settings.host,
      held: { host: held('host'), jump: held('jump') },
      state: links.state(pipeline),
      agent: agentSocket(process.env, process.platform) !== null,
    }
  }
  const forgetAll = async (pipeline: string) => {
    for (const name of hostSecrets(pipeline)) await secrets.remove(name)
  }
  const h = api.hosts
  const router = h.router({
    get: h.get.handler(({ input }) => view(input.pipeline)),
    set: h.set.handler(async ({ input: { pipeline, settings, secrets: typed, remember } }) => {
      const { settings: all } = pipelines.get(pipeline)
      for (const which of ['host', 'jump'] as const) {
        const hop = which === 'host' ? settings : settings?.jump
        const before = which === 'host' ? all.host : all.host?.jump
        // A password is for the machine and user it was given for; gone before the new address is written.
        const moved = hop?.host !== before?.host || hop?.port !== before?.port || hop?.user !== before?.user
        if (moved) await secrets.remove(hostSecret(pipeline, which, 'password'))
        const key = typed[which]?.key
        // What can never be used is refused before it is stored.
        if (key) checkKey(secret(key), phraseOf(typed[which]?.passphrase), 'the entered key')
        for (const what of hopSecrets) {
          const value = typed[which]?.[what]
          if (value === undefined || value === '') continue
          const name = hostSecret(pipeline, which, what)
          if (remember) await secrets.remember(name, secret(value))
          else secrets.hold(name, secret(value))
        }
      }
      if (settings === null) await forgetAll(pipeline)
      await pipelines.update(pipeline, { ...all, host: settings })
      links.drop(pipeline)
      const text =
        settings === null ? 'Forgot the machine' : `Set the machine ${settings.user}@${settings.host}`
      activity.add({ level: 'info', area: 'hosts', pipeline, text: `${text} of ${all.name}` })
      return view(pipeline)
    }),
    test: h.test.handler(async function* ({ input, signal = neverAborted }) {
      const settings = input.settings ?? pipelines.get(input.pipeline).settings.host
      if (settings === null) throw nothingToTest()
      const work = testHost({ pipeline: input.pipeline, settings, typed: input.secrets, secrets }, signal)
      yield* told(work, signal)
    }),
    session: {
      open: h.session.open.handler(async ({ input: { pipeline, command, size } }) => {
        const host = await links.of(pipeline)
        return { session: await sessions.open(host, { command, size }) }
      }),
      output: h.session.output.handler(async function* ({ input, signal = neverAborted }) {
        yield* told(sessions.output(input.session, signal), signal)
      }),
      input: h.session.input.handler(({ input }) => {
        sessions.input(input.session, Buffer.from(input.data, 'base64'), input.end)
        return {}
      }),
      resize: h.session.resize.handler(({ input: { session, columns, rows } }) => {
        sessions.resize(session, columns, rows)
        return {}
      }),
      close: h.session.close.handler(({ input }) => {
        sessions.close(input.session)
        return {}
      }),
    },
  })
  return { router, forgetAll, closeSessions: () => sessions.closeAll() }
}

const phraseOf = (text: string | undefined) => (text === undefined || text === '' ? null : secret(text))

function nothingToTest(): AppError {
  return new AppError({
    code: 'HOST_NONE',
    message: 'This pipeline has no machine yet.',
    hint: 'Enter one on the Machine page, or in the terminal: pipeline host set --host <address>.',
    field: 'host',
  })
}
