/** The contract's branch `app`: what this is, what it did, consent, and what still runs. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SupportFile } from '../../shared/contract/app.ts'
import type { Problem } from '../../shared/contract/base.ts'
import { AppError } from '../../shared/errors.ts'
import type { Platform } from '../platform.ts'
import type { ActivityStore } from './activity.ts'
import type { Consent } from './consent.ts'
import { api } from './rpc.ts'

export interface AppDeps {
  readonly platform: Platform
  readonly activity: ActivityStore
  readonly consent: Consent
  readonly problems: readonly Problem[]
  work(): { readonly runs: string[]; readonly stack: boolean }
  support(): Promise<SupportFile[]>
}

/** The licences of everything bundled, written by the build beside the programs and the page. */
async function licences(entries: string): Promise<string> {
  const out = join(entries, '..')
  const files = [join(out, 'licences-programs.md'), join(out, 'renderer', 'licences.md')]
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  const text = texts.filter((part) => part !== '').join('\n')
  if (text !== '') return text
  throw new AppError({
    code: 'LICENCES_MISSING',
    message: 'The licences were not built.',
    hint: 'Run npm run build.',
  })
}

export function appFeature({ platform, activity, consent, problems, work, support }: AppDeps) {
  const { folders, version, door } = platform
  return api.app.router({
    info: api.app.info.handler(() => ({
      version,
      door,
      platform: `${process.platform} ${process.arch}`,
      node: process.versions.node,
      home: folders.home,
      cache: folders.cache,
      problems: [...problems],
    })),
    support: api.app.support.handler(() => support()),
    licences: api.app.licences.handler(async () => ({ text: await licences(folders.entries) })),
    openLink: api.app.openLink.handler(async ({ input }) => ({
      opened: await platform.openLink(input.link),
    })),
    activity: {
      list: api.app.activity.list.handler(({ input }) => activity.list(input.limit)),
      watch: api.app.activity.watch.handler(({ signal }) => activity.watch(signal)),
    },
    consentQuestion: api.app.consentQuestion.handler(({ input }) => consent.question(input)),
    consent: api.app.consent.handler(async ({ input }) => ({
      token: await consent.ask(input.request, input.typed),
    })),
    work: api.app.work.handler(() => work()),
  })
}
