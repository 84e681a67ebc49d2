/** Topics: what is in Kafka, how much, how fast, and what the lake has yet to write. */
import { useNavigate } from '@tanstack/react-router'
import { Plus, Rows3, SearchX } from 'lucide-react'
import { useState } from 'react'
import type { TopicRow } from '../../../shared/contract/topics.ts'
import { client } from '../../api/client.ts'
import { useLive } from '../../api/live.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useActions } from '../../components/actions/action.ts'
import { commands } from '../../components/actions/commands.ts'
import { bytes, count, counted, perSecond } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { StackStopped, useStackRuns } from '../../components/StackStopped.tsx'
import { Button } from '../../ui/Button.tsx'
import { Empty, PageHead } from '../../ui/Card.tsx'
import { CheckField, TextField } from '../../ui/Field.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { Badge } from '../../ui/StateDot.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { CreateTopic } from './CreateTopic.tsx'
import { topicList } from './topicList.ts'

const columns: readonly Column<TopicRow>[] = [
  {
    key: 'name',
    title: 'Topic',
    width: 'minmax(180px, 1fr)',
    sort: (row) => row.name,
    copy: (row) => row.name,
    cell: ({ name, kind, internal }) => (
      <span className="flex items-center gap-2">
        <span className="num truncate">{name}</span>
        {kind !== null && <Badge tone="accent">{kind}</Badge>}
        {internal && <Badge>internal</Badge>}
      </span>
    ),
  },
  {
    key: 'partitions',
    title: 'Partitions',
    width: '68px',
    align: 'right',
    data: true,
    sort: (row) => row.partitions,
    cell: (row) => count(row.partitions),
  },
  {
    key: 'messages',
    title: 'Messages',
    width: '100px',
    align: 'right',
    data: true,
    sort: (row) => row.messages,
    cell: (row) => count(row.messages),
  },
  {
    key: 'bytes',
    title: 'Size',
    width: '72px',
    align: 'right',
    data: true,
    sort: (row) => row.bytes,
    cell: (row) => bytes(row.bytes),
  },
  {
    key: 'rate',
    title: 'Rate',
    width: '72px',
    align: 'right',
    data: true,
    sort: (row) => row.rate,
    cell: (row) => perSecond(row.rate),
  },
  {
    key: 'lag',
    title: 'Lake lag',
    width: '72px',
    align: 'right',
    data: true,
    sort: (row) => row.sinkLag,
    cell: (row) => count(row.sinkLag),
  },
]

/** So many are seen at a glance; more can be searched. */
const fewTopics = 12

export function TopicsPage() {
  const pipeline = usePipeline()
  const runs = useStackRuns()
  const navigate = useNavigate()
  const [creating, setCreating] = useState(false)
  useActions(
    runs
      ? [
          {
            id: 'topic.create',
            title: 'Create a topic here',
            group: 'This page',
            shortcut: 'n',
            command: commands.createTopic,
            run: () => setCreating(true),
          },
        ]
      : [],
  )
  const [internal, setInternal] = useState(false)
  const topics = useLive(runs ? `topics ${pipeline.id}` : null, async (signal) =>
    topicList(await client.topics.watch({ pipeline: pipeline.id }, { signal })),
  )
  const [filter, setFilter] = useState('')
  const wanted = filter.trim().toLowerCase()
  const all = topics.value?.filter((row) => internal || !row.internal)
  const hidden = (topics.value?.length ?? 0) - (all?.length ?? 0)
  const many = (all?.length ?? 0) > fewTopics || wanted !== ''
  const rows = wanted === '' ? all : all?.filter(({ name }) => name.toLowerCase().includes(wanted))
  return (
    <>
      <PageHead
        title="Topics"
        sub={all === undefined ? 'What is in Kafka.' : `${counted(all.length, 'topic')}, live.`}
        actions={
          runs && (
            <>
              {(hidden > 0 || internal) && (
                <CheckField label="Internal topics" checked={internal} onChange={setInternal} />
              )}
              <Button icon={Plus} onClick={() => setCreating(true)}>
                Create topic
              </Button>
            </>
          )
        }
      />
      {runs === false && <StackStopped what="Kafka" />}
      <ProblemNotice problem={topics.problem} />
      {runs && rows === undefined && topics.problem === null && <Skeleton className="h-64 rounded-xl" />}
      {runs && many && (
        <search>
          <TextField
            label="Find"
            type="search"
            className="max-w-sm"
            placeholder="Part of a topic’s name"
            value={filter}
            onChange={setFilter}
          />
        </search>
      )}
      {runs && rows !== undefined && (
        <VirtualTable
          label="Topics"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.name}
          height={many ? 'max-h-[calc(100vh-310px)]' : 'max-h-[calc(100vh-230px)]'}
          onSelect={(row) => void navigate({ to: '/topics/$topic', params: { topic: row.name } })}
          empty={wanted === '' ? <Nothing /> : <NoMatch onClear={() => setFilter('')} />}
        />
      )}
      <CreateTopic open={creating} onClose={() => setCreating(false)} />
    </>
  )
}

function Nothing() {
  return (
    <Empty icon={Rows3} title="No topics yet">
      The set-up makes the three topics of the pipeline; you can create others.
    </Empty>
  )
}

function NoMatch({ onClear }: { readonly onClear: () => void }) {
  return (
    <Empty icon={SearchX} title="No topic matches" action={<Button onClick={onClear}>Clear</Button>}>
      No name has these letters in it.
    </Empty>
  )
}
