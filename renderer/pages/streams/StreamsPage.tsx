/** Streams: what is in Kinesis, how much, how fast. */
import { useNavigate } from '@tanstack/react-router'
import { Plus, Waves } from 'lucide-react'
import { useState } from 'react'
import type { StreamRow } from '../../../shared/contract/streams.ts'
import { client } from '../../api/client.ts'
import { useLive } from '../../api/live.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useActions } from '../../components/actions/action.ts'
import { commands } from '../../components/actions/commands.ts'
import { count, counted, perSecond } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { StackStopped, useStackRuns } from '../../components/StackStopped.tsx'
import { Button } from '../../ui/Button.tsx'
import { Empty, PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { Badge } from '../../ui/StateDot.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { CreateStream } from './CreateStream.tsx'

const columns: readonly Column<StreamRow>[] = [
  {
    key: 'name',
    title: 'Stream',
    width: 'minmax(200px, 1fr)',
    sort: (row) => row.name,
    copy: (row) => row.name,
    cell: ({ name, kind }) => (
      <span className="flex items-center gap-2">
        <span className="num truncate">{name}</span>
        {kind !== null && <Badge tone="accent">{kind}</Badge>}
      </span>
    ),
  },
  {
    key: 'state',
    title: 'State',
    width: '86px',
    sort: (row) => row.state,
    cell: ({ state }) => <Badge tone={state === 'ACTIVE' ? 'good' : 'warn'}>{state}</Badge>,
  },
  {
    key: 'mode',
    title: 'Mode',
    width: '110px',
    from: 760,
    sort: (row) => row.mode,
    cell: (row) => (row.mode === 'ON_DEMAND' ? 'on demand' : 'provisioned'),
  },
  {
    key: 'shards',
    title: 'Shards',
    width: '52px',
    align: 'right',
    data: true,
    sort: (row) => row.openShards,
    cell: (row) => count(row.openShards),
  },
  {
    key: 'retention',
    title: 'Retention',
    width: '66px',
    align: 'right',
    data: true,
    sort: (row) => row.retentionHours,
    cell: (row) => `${row.retentionHours} h`,
  },
  {
    key: 'records',
    title: 'Records',
    width: '90px',
    align: 'right',
    data: true,
    sort: (row) => row.records,
    cell: (row) => count(row.records),
  },
  {
    key: 'rate',
    title: 'Rate',
    width: '70px',
    align: 'right',
    data: true,
    sort: (row) => row.rate,
    cell: (row) => perSecond(row.rate),
  },
]

export function StreamsPage() {
  const pipeline = usePipeline()
  const runs = useStackRuns()
  const navigate = useNavigate()
  const [creating, setCreating] = useState(false)
  useActions(
    runs
      ? [
          {
            id: 'stream.create',
            title: 'Create a stream here',
            group: 'This page',
            shortcut: 'n',
            command: commands.createStream,
            run: () => setCreating(true),
          },
        ]
      : [],
  )
  const streams = useLive(runs ? `streams ${pipeline.id}` : null, (signal) =>
    client.streams.watch({ pipeline: pipeline.id }, { signal }),
  )
  const rows = streams.value
  return (
    <>
      <PageHead
        title="Streams"
        sub={rows === undefined ? 'What is in Kinesis.' : `${counted(rows.length, 'stream')}, live.`}
        actions={
          runs && (
            <Button icon={Plus} onClick={() => setCreating(true)}>
              Create stream
            </Button>
          )
        }
      />
      {runs === false && <StackStopped what="Kinesis" />}
      <ProblemNotice problem={streams.problem} />
      {runs && rows === undefined && streams.problem === null && <Skeleton className="h-64 rounded-xl" />}
      {runs && rows !== undefined && (
        <VirtualTable
          label="Streams"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.name}
          height="max-h-[calc(100vh-230px)]"
          onSelect={(row) => void navigate({ to: '/streams/$stream', params: { stream: row.name } })}
          empty={
            <Empty icon={Waves} title="No streams yet">
              The set-up makes the three streams of the pipeline; you can create others.
            </Empty>
          }
        />
      )}
      <CreateStream open={creating} onClose={() => setCreating(false)} />
    </>
  )
}
