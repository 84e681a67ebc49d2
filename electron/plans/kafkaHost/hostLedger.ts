/** What we made on a host is remembered there, so that any computer of its owner can take it back (decision 11). */
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import type { RootShell } from '../../clients/ssh/sudo.ts'
import { jsonOf } from '../../lib/jsonText.ts'
import type { Ledger } from '../../plan/ledger.ts'
import { ledgerFile } from './factsCommands.ts'
import { readFiles, writeScript } from './hostFiles.ts'

const schema = z.object({
  version: z.literal(1),
  /** The pipeline whose host it is. */
  owner: z.string(),
  entries: z.array(z.object({ step: z.string(), thing: z.string(), at: z.int() })),
})

export interface HostLedger extends Ledger {
  /** Reads it anew, before a plan works. Throws AppError HOST_LEDGER_DAMAGED, HOST_OF_ANOTHER. */
  load(signal: AbortSignal): Promise<void>
}

export function hostLedger(root: () => RootShell, owner: string): HostLedger {
  let entries: z.infer<typeof schema>['entries'] = []
  const has = (step: string, thing: string) =>
    entries.some((entry) => entry.step === step && entry.thing === thing)
  const save = async () => {
    const stdin = `${JSON.stringify({ version: 1, owner, entries }, null, 2)}\n`
    await root().must('Writing what was made', writeScript({ path: ledgerFile, mode: 0o644 }), { stdin })
  }
  return {
    problem: null,
    async load(signal) {
      const [text] = await readFiles(root(), [ledgerFile], signal)
      if (text === null || text === undefined) {
        entries = []
        return
      }
      const parsed = schema.safeParse(jsonOf(text))
      if (!parsed.success) throw damaged()
      if (parsed.data.owner !== owner) throw ofAnother(parsed.data.owner)
      entries = parsed.data.entries
    },
    owns: has,
    things: (step) => entries.filter((entry) => entry.step === step).map(({ thing }) => thing),
    async own(step, thing) {
      if (has(step, thing)) return
      entries = [...entries, { step, thing, at: Date.now() }]
      await save()
    },
    async disown(step, thing) {
      if (!has(step, thing)) return
      entries = entries.filter((entry) => entry.step !== step || entry.thing !== thing)
      await save()
    },
    async disownAll(steps) {
      const left = entries.filter((entry) => !steps.includes(entry.step))
      if (left.length === entries.length) return
      entries = left
      await save()
    },
  }
}

const damaged = () =>
  new AppError({
    code: 'HOST_LEDGER_DAMAGED',
    message: `What this app made on the host can no longer be read: ${ledgerFile}`,
    hint: 'Move that file away on the host and press Set up: what is there is found again, but undo will not remove it.',
  })

const ofAnother = (owner: string) =>
  new AppError({
    code: 'HOST_OF_ANOTHER',
    message: `The host belongs to another pipeline: ${owner}`,
    hint: 'Use that pipeline, undo its set-up first, or choose another host.',
  })
