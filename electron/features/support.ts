/** What helps another person to help: versions, settings, states and logs, as plain text without secrets or names. */
import { open } from 'node:fs/promises'
import { arch, cpus, homedir, release, totalmem, userInfo } from 'node:os'
import { join } from 'node:path'
import type { ContractRouterClient } from '@orpc/contract'
import type { SupportFile } from '../../shared/contract/app.ts'
import type { Contract } from '../../shared/contract.ts'
import { toErrorDetail } from '../../shared/errors.ts'
import { redact } from '../lib/redact.ts'

/** The end of a log that is handed out, bytes. */
const logTail = 128 * 1024
const activityLines = 500

/** Long runs of what base64 is written with. */
const long = /[A-Za-z0-9+/_-]{40,}={0,2}/g
/** Keys mix cases and digits; numbers, checksums and paths of ours do not. */
const mixed = (text: string) => /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text)

/** A second look over what `redact` has cleaned: the person's own name in paths, and whatever is shaped like a key. */
export function anonymous(text: string, person: { readonly home: string; readonly name: string }): string {
  const named = person.home === '' ? text : text.replaceAll(person.home, '~')
  // A name like "root" or "me" is in too many words to be taken out of the middle of them.
  const clean =
    person.name.length < 3
      ? named
      : named.replaceAll(new RegExp(`(?<![\\w-])${escaped(person.name)}(?![\\w-])`, 'g'), 'user')
  return redact(clean).replaceAll(long, (found) => (mixed(found) ? '[LONG TOKEN]' : found))
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Empty where there is none. */
async function tailOf(file: string): Promise<string> {
  const handle = await open(file).catch(() => null)
  if (handle === null) return ''
  try {
    const { size } = await handle.stat()
    const buffer = Buffer.alloc(Math.min(size, logTail))
    await handle.read(buffer, 0, buffer.length, size - buffer.length)
    return buffer.toString('utf8')
  } finally {
    await handle.close()
  }
}

export interface SupportDeps {
  /** As any door has it: what it answers holds no secrets by contract. */
  client(): ContractRouterClient<Contract>
  readonly home: string
}

/** Never throws: what cannot be had is said in its place. */
export async function supportFiles({ client, home }: SupportDeps): Promise<SupportFile[]> {
  const contract = client()
  const { items, active } = await contract.pipelines.list()
  const of = { pipeline: active }
  const parts: readonly (readonly [name: string, get: () => Promise<unknown>])[] = [
    ['versions.json', async () => ({ ...(await contract.app.info()), ...machine() })],
    ['settings.json', () => contract.settings.get()],
    ['pipelines.json', async () => ({ active, items })],
    ['plan.json', () => contract.plan.get({ ...of, plan: 'local' })],
    ['status.json', () => contract.local.status(of)],
    ['runs.json', async () => (await contract.emulation.list(of)).slice(-10)],
    ['secrets.json', () => contract.secrets.status()],
    ['activity.json', () => contract.app.activity.list({ limit: activityLines })],
    ['app.log', () => tailOf(join(home, 'log', 'app.log'))],
    ['broker.log', () => tailOf(join(home, 'log', `broker-${active}.log`))],
  ]
  const person = { home: homedir(), name: userInfo().username }
  return Promise.all(
    parts.map(async ([name, get]) => {
      const found = await get().catch((thrown: unknown) => ({ missing: toErrorDetail(thrown).message }))
      const text = typeof found === 'string' ? found : JSON.stringify(found, null, 2)
      return { name, text: anonymous(text, person) }
    }),
  )
}

const machine = () => ({
  release: release(),
  arch: arch(),
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 1e9),
})
