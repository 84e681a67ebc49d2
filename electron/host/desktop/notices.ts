/** Tells the desktop of the end of long work while the window is out of sight; a press on it shows the page, and no more. */
import type { ContractRouterClient } from '@orpc/contract'
import type { Notification } from 'electron'
import type { Contract } from '../../../shared/contract.ts'
import { type End, endOf } from '../../../shared/ends.ts'
import { pause } from '../../lib/broadcast.ts'

export interface NoticesDeps {
  /** Of the back end as it is now: another one may have taken its place. */
  client(): Pick<ContractRouterClient<Contract>, 'app' | 'settings'>
  /** Electron's own class, whose support is looked up each time: a desktop may have no place for notifications. */
  readonly Notification: {
    new (options: { title: string; body: string }): Pick<Notification, 'on' | 'show'>
    isSupported(): boolean
  }
  inSight(): boolean
  show(path: string): void
  /** For what a person cannot see. */
  warn(text: string): void
  readonly signal: AbortSignal
}

/** Between two tries after the stream ended, ms. */
const retryAfter = 2_000

/** Resolves when the signal is aborted. What happened before it began is not told. */
export async function watchEnds({
  client,
  Notification,
  inSight,
  show,
  warn,
  signal,
}: NoticesDeps): Promise<void> {
  const since = Date.now()
  let told = 0
  /** What the system shows must be held, or its presses come to nothing once it is collected. */
  const held = new Set<object>()
  const notify = ({ title, body, path }: End) => {
    const notice = new Notification({ title, body })
    held.add(notice)
    notice.on('click', () => {
      held.delete(notice)
      show(path)
    })
    notice.on('close', () => held.delete(notice))
    notice.show()
  }
  while (!signal.aborted) {
    try {
      for await (const entries of await client().app.activity.watch(undefined, { signal })) {
        const fresh = entries.filter(({ id, at }) => id > told && at >= since)
        told = Math.max(told, ...entries.map(({ id }) => id))
        const ends = fresh.map(endOf).filter((end) => end !== null)
        if (ends.length === 0 || inSight() || !Notification.isSupported()) continue
        if ((await client().settings.get()).notifyEnds) for (const end of ends) notify(end)
      }
    } catch (thrown) {
      if (!signal.aborted) warn(`the ends of long work were not watched: ${thrown}`)
    }
    await pause(retryAfter, signal)
  }
}
