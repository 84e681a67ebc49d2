/** What the app did, kept for people: bounded, redacted, on disk, and live. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Activity, activitySchema } from '../../shared/contract/app.ts'
import { broadcast } from '../lib/broadcast.ts'
import { redact } from '../lib/redact.ts'
import type { ActivityLog } from './deps.ts'

/** As many as a person would ever scroll through; older lines are dropped when the app starts. */
const kept = 5_000

export interface ActivityStore extends ActivityLog {
  list(limit: number): Activity[]
  /** The newest entries whenever there are some; the first batch is what is there. */
  watch(signal: AbortSignal | undefined): AsyncGenerator<Activity[], void, void>
  /** Resolves when everything added so far is on disk. */
  flush(): Promise<void>
}

async function readLines(file: string): Promise<Activity[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    const parsed = z.string().transform((json, context) => {
      try {
        return JSON.parse(json) as unknown
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' })
        return z.NEVER
      }
    })
    const entry = activitySchema.safeParse(parsed.safeParse(line).data)
    // A line cut off by a kill is no reason to lose the others.
    return entry.success ? [entry.data] : []
  })
}

/** Opens the log of the folder. `secrets` answers the values that must never be shown. */
export async function openActivity(home: string, secrets: () => Iterable<string>): Promise<ActivityStore> {
  const file = join(home, 'activity.ndjson')
  await mkdir(home, { recursive: true, mode: 0o700 })
  const found = await readLines(file)
  const entries = found.slice(-kept)
  if (found.length > kept) {
    await writeFile(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 })
  }
  let lastId = entries.at(-1)?.id ?? 0
  const latest = broadcast(lastId)
  let writing: Promise<void> = Promise.resolve()

  return {
    add({ hint = null, ended = null, remind = null, text, ...rest }) {
      lastId += 1
      const clean = (words: string) => redact(words, secrets())
      const entry: Activity = {
        ...rest,
        id: lastId,
        at: Date.now(),
        text: clean(text),
        hint: hint === null ? null : clean(hint),
        ended,
        remind,
      }
      entries.push(entry)
      if (entries.length > kept) entries.shift()
      writing = writing
        .then(() => appendFile(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 }))
        .catch(() => {})
      latest.set(lastId)
    },
    list: (limit) => entries.slice(-limit),
    async *watch(signal) {
      let seen = 0
      for await (const id of latest.watch(signal)) {
        const fresh = entries.filter((entry) => entry.id > seen)
        seen = id
        if (fresh.length > 0) yield fresh
      }
    },
    flush: () => writing,
  }
}
