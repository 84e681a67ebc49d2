/** From a machine's settings and secrets to what the SSH client takes. */
import type { Problem } from '../../shared/contract/base.ts'
import type { HostSecrets } from '../../shared/contract/hosts.ts'
import { AppError } from '../../shared/errors.ts'
import type { HostHop, HostSettings } from '../../shared/host.ts'
import { needAgent } from '../clients/ssh/agent.ts'
import { readKeyFile } from '../clients/ssh/keyFile.ts'
import { checkKey } from '../clients/ssh/keyText.ts'
import { readKnownHosts } from '../clients/ssh/knownHostsFiles.ts'
import type { SshAuth, SshHop, SshTarget } from '../clients/ssh/types.ts'
import { type Secret, secret } from '../lib/secret.ts'
import { type HopSecret, type HopWhich, hostSecret } from './secretNames.ts'
import type { SecretStore } from './secretStore.ts'

export interface HostTarget {
  readonly target: SshTarget
  readonly warnings: readonly Problem[]
}

export interface TargetInput {
  readonly pipeline: string
  readonly settings: HostSettings
  /** Typed now; they stand before those that are held. */
  readonly typed: HostSecrets
  readonly secrets: Pick<SecretStore, 'get'>
  /** Told before the key of a hop is looked at, and after it was found good. */
  readonly looked?: (which: HopWhich, state: 'working' | 'good', text: string) => void
}

/** Everything that can be known to be wrong before anything is sent. Throws AppError. */
export async function hostTarget(input: TargetInput): Promise<HostTarget> {
  const { settings } = input
  const knownHosts = await readKnownHosts()
  const jump = settings.jump === null ? null : await hop(input, settings.jump, 'jump', knownHosts)
  const host = await hop(input, settings, 'host', knownHosts)
  return {
    target: { ...host.hop, jump: jump?.hop ?? null },
    warnings: [...(jump?.warnings ?? []), ...host.warnings],
  }
}

async function hop(
  input: TargetInput,
  { host, port, user, key, hostKey }: HostHop,
  which: HopWhich,
  knownHosts: string,
): Promise<{ readonly hop: SshHop; readonly warnings: readonly Problem[] }> {
  const { pipeline, typed, secrets, looked = () => {} } = input
  const given = async (what: HopSecret): Promise<Secret | null> => {
    const now = typed[which]?.[what]
    if (now !== undefined && now !== '') return secret(now)
    return secrets.get(hostSecret(pipeline, which, what))
  }
  const auth: { -readonly [K in keyof SshAuth]: SshAuth[K] } = {
    agent: null,
    key: null,
    password: null,
    ask: null,
  }
  const warnings: Problem[] = []
  let text = 'password'
  looked(which, 'working', '')
  if (key.kind === 'agent') {
    auth.agent = needAgent()
    text = 'the keys of the agent'
  } else if (key.kind === 'password') {
    auth.password = await given('password')
    if (auth.password === null) throw missing('password', which)
  } else {
    const file = key.kind === 'file' ? await readKeyFile(key.path) : null
    const name = key.kind === 'file' ? key.path : 'the stored key'
    const found = file?.text ?? (await given('key'))
    if (found === null) throw missing('key', which)
    const passphrase = await given('passphrase')
    const checked = checkKey(found, passphrase, name)
    auth.key = { text: checked.text, passphrase }
    // A host that wants a password besides gets it.
    auth.password = await given('password')
    warnings.push(
      ...([...(file?.warnings ?? []), ...checked.warnings].map((each) => ({ ...each })) as Problem[]),
    )
    text = `${checked.algorithm}, ${name}`
  }
  looked(which, 'good', text)
  return { hop: { host, port, user, auth, hostKey: { pinned: hostKey, knownHosts } }, warnings }
}

function missing(what: 'key' | 'password', which: HopWhich): AppError {
  const of = which === 'jump' ? 'the jump host' : 'the machine'
  return new AppError({
    code: 'SSH_SECRET_MISSING',
    message: `There is no ${what} for ${of}: it was not entered, or only for an earlier session.`,
    hint: `Enter the ${what} on the Machine page, or in the terminal: pipeline host set.`,
    field: what,
  })
}
