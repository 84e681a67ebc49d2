/** A topic's settings: value, default, where it comes from; a row opens its explanation and the change. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { TopicSetting } from '../../../shared/contract/topicOps.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { queryClient } from '../../api/query.ts'
import { unknown } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { CheckField, TextField } from '../../ui/Field.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { Badge } from '../../ui/StateDot.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { SettingDialog, sourceWords } from './SettingDialog.tsx'
import { inWords } from './settingValue.ts'

const shownValue = (name: string, value: string | null) => {
  const words = value === null ? null : inWords(name, value)
  return (
    <>
      {value === null ? unknown : value || '(empty)'}
      {words !== null && <span className="text-ink-2"> {words}</span>}
    </>
  )
}

const columns: readonly Column<TopicSetting>[] = [
  {
    key: 'name',
    title: 'Setting',
    width: 'minmax(220px, 1fr)',
    data: true,
    sort: (row) => row.name,
    cell: (row) => row.name,
  },
  {
    key: 'value',
    title: 'Value',
    width: 'minmax(180px, 1fr)',
    data: true,
    sort: (row) => row.value,
    cell: (row) => shownValue(row.name, row.value),
    copy: (row) => row.value ?? unknown,
  },
  {
    key: 'fallback',
    title: 'Without a value of its own',
    width: 'minmax(180px, 1fr)',
    data: true,
    from: 800,
    cell: (row) => (row.source === 'topic' ? shownValue(row.name, row.fallback) : ''),
  },
  {
    key: 'source',
    title: 'From',
    width: '140px',
    sort: (row) => sourceWords[row.source],
    cell: (row) => (
      <Badge tone={row.source === 'topic' ? 'accent' : 'plain'}>{sourceWords[row.source]}</Badge>
    ),
  },
]

export function TopicConfig({ topic }: { readonly topic: string }) {
  const pipeline = usePipeline().id
  const [text, setText] = useState('')
  const [own, setOwn] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  const key = ['topicOps.settings', pipeline, topic]
  const settings = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => client.topicOps.settings({ pipeline, topic }, { signal }),
  })
  const wanted = text.trim().toLowerCase()
  const rows = settings.data?.filter(
    ({ name, source, explanation }) =>
      (!own || source === 'topic') && `${name} ${explanation}`.toLowerCase().includes(wanted),
  )
  const setting = settings.data?.find(({ name }) => name === chosen)
  return (
    <>
      <div className="flex flex-wrap items-end gap-4">
        <TextField label="Find a setting" className="w-72" type="search" value={text} onChange={setText} />
        <div className="pb-1.5">
          <CheckField label="Only what is set on this topic" checked={own} onChange={setOwn} />
        </div>
      </div>
      <ProblemNotice
        problem={settings.error}
        actions={<Button onClick={() => void settings.refetch()}>Try again</Button>}
      />
      {rows === undefined && settings.error === null && <Skeleton className="h-64 rounded-xl" />}
      {rows !== undefined && (
        <VirtualTable
          label="Configuration"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.name}
          onSelect={(row) => setChosen(row.name)}
          height="max-h-[60vh]"
          empty={
            own && wanted === '' ? 'Nothing is set on this topic: the defaults hold.' : 'No such setting.'
          }
        />
      )}
      {setting !== undefined && (
        <SettingDialog
          topic={topic}
          setting={setting}
          onClose={() => setChosen(null)}
          onChanged={(next) => queryClient.setQueryData(key, next)}
        />
      )}
    </>
  )
}
