/** One machine of the form as text, and back. */

import type { HostSecrets } from '../../../shared/contract/hosts.ts'
import {
  type HostHop,
  type HostKeyPin,
  type HostSettings,
  hostSettingsSchema,
  type KeySource,
} from '../../../shared/host.ts'

export interface HopDraft {
  readonly host: string
  readonly port: string
  readonly user: string
  readonly kind: KeySource['kind']
  readonly path: string
  /** Typed now; never filled from what is stored. */
  readonly key: string
  readonly passphrase: string
  readonly password: string
  readonly hostKey: HostKeyPin | null
}

export interface MachineDraft {
  readonly host: HopDraft
  readonly jump: HopDraft | null
}

export const emptyHop: HopDraft = {
  host: '',
  port: '22',
  user: 'ec2-user',
  kind: 'file',
  path: '',
  key: '',
  passphrase: '',
  password: '',
  hostKey: null,
}

const hopDraft = (hop: HostHop): HopDraft => ({
  ...emptyHop,
  host: hop.host,
  port: String(hop.port),
  user: hop.user,
  kind: hop.key.kind,
  path: hop.key.kind === 'file' ? hop.key.path : '',
  hostKey: hop.hostKey,
})

export function draftOf(settings: HostSettings | null): MachineDraft {
  if (settings === null) return { host: emptyHop, jump: null }
  return { host: hopDraft(settings), jump: settings.jump && hopDraft(settings.jump) }
}

const hopOf = ({ host, port, user, kind, path, hostKey }: HopDraft) => ({
  host,
  port: port.trim() === '' ? 22 : Number(port),
  user,
  key: kind === 'file' ? { kind, path } : { kind },
  hostKey,
})

/** By dotted name: `user`, `jump.host`, `key.path`. */
export type Errors = Readonly<Record<string, string>>

/** The settings, or what is wrong with them. */
export function settingsOf({
  host,
  jump,
}: MachineDraft):
  | { readonly settings: HostSettings; readonly errors: null }
  | { readonly settings: null; readonly errors: Errors } {
  const parsed = hostSettingsSchema.safeParse({ ...hopOf(host), jump: jump && hopOf(jump) })
  if (parsed.success) return { settings: parsed.data, errors: null }
  const errors: Record<string, string> = {}
  for (const { path, message } of parsed.error.issues) errors[path.join('.')] ??= message
  return { settings: null, errors }
}

const typedOf = ({ kind, key, passphrase, password }: HopDraft) => ({
  ...(kind === 'stored' && key !== '' ? { key } : {}),
  ...((kind === 'stored' || kind === 'file') && passphrase !== '' ? { passphrase } : {}),
  ...(password !== '' ? { password } : {}),
})

/** What was typed and is secret. */
export function secretsOf({ host, jump }: MachineDraft): HostSecrets {
  return { host: typedOf(host), ...(jump === null ? {} : { jump: typedOf(jump) }) }
}

/** A key is for one machine: with another address it must be shown anew. */
export function withHop(before: HopDraft, change: Partial<HopDraft>): HopDraft {
  const after = { ...before, ...change }
  const moved = after.host !== before.host || after.port !== before.port
  return moved ? { ...after, hostKey: null } : after
}
