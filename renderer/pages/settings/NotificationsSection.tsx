/** Whether the end of long work, and reminders, are told, and why not where the browser refuses. */
import { useState } from 'react'
import type { Settings } from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { askPermission, inWindow, type Permission, usePermission } from '../../components/notices.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Card } from '../../ui/Card.tsx'
import { CheckField } from '../../ui/Field.tsx'

const what =
  'A run, reading back, an export, a clone or an analysis of more than 30 s, and reminders of a machine that runs, while you look elsewhere.'

const words: Readonly<Record<Permission, string>> = {
  missing: `${what} This browser has no notifications.`,
  blocked: `${what} This browser refuses them for this address: allow notifications in its settings of the site, then come back.`,
  ask: `${what} The browser asks you once.`,
  granted: what,
}

export function NotificationsSection({ stored }: { readonly stored: Settings }) {
  const asked = usePermission()
  const permission = inWindow ? 'granted' : asked
  const [asking, setAsking] = useState(false)
  const set = useAction(client.settings.set, (settings) => queryClient.setQueryData(keys.settings, settings))
  const change = async (notifyEnds: boolean) => {
    setAsking(true)
    const now = notifyEnds && !inWindow ? await askPermission() : permission
    setAsking(false)
    if (!notifyEnds || now === 'granted') set.mutate({ notifyEnds })
  }
  return (
    <Card title="Notifications">
      <CheckField
        label="Notify me when a long run ends"
        help={words[permission]}
        checked={stored.notifyEnds && permission === 'granted'}
        disabled={asking || set.isPending || permission === 'missing' || permission === 'blocked'}
        onChange={(checked) => void change(checked)}
      />
      <ProblemNotice problem={set.error} alert />
    </Card>
  )
}
