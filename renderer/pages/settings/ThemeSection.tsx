/** Light, dark, or as the system is; takes effect at once. */
import { useState } from 'react'
import type { Settings } from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Card } from '../../ui/Card.tsx'
import { Segments } from '../../ui/Field.tsx'

const themes = [
  { value: 'system' as const, label: 'System' },
  { value: 'light' as const, label: 'Light' },
  { value: 'dark' as const, label: 'Dark' },
]

export function ThemeSection({ stored }: { readonly stored: Settings }) {
  const set = useAction(client.settings.set, (settings) => queryClient.setQueryData(keys.settings, settings))
  const [chosen, setChosen] = useState<Settings['theme'] | null>(null)
  return (
    <Card title="Appearance">
      <Segments
        label="Theme"
        value={chosen ?? stored.theme}
        options={themes}
        onChange={(theme) => {
          setChosen(theme)
          set.mutate({ theme }, { onSettled: () => setChosen(null) })
        }}
      />
      <ProblemNotice problem={set.error} alert />
    </Card>
  )
}
