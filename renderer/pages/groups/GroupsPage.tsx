/** Consumer groups: who reads, in which state, and how far behind. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Users } from 'lucide-react'
import type { GroupRow } from '../../../shared/contract/groups.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { count, counted } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { StackStopped, useStackRuns } from '../../components/StackStopped.tsx'
import { Button } from '../../ui/Button.tsx'
import { Empty, PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { Badge } from '../../ui/StateDot.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { GroupState } from './GroupState.tsx'

const columns: readonly Column<GroupRow>[] = [
  {
    key: 'id',
    title: 'Group',
    width: 'minmax(180px, 1fr)',
    sort: (row) => row.id,
    copy: (row) => row.id,
    cell: ({ id, lake }) => (
      <span className="flex items-center gap-2">
        <span className="num truncate">{id}</span>
        {lake && <Badge tone="accent">lake</Badge>}
      </span>
    ),
  },
  {
    key: 'state',
    title: 'State',
    width: '130px',
    sort: (row) => row.state,
    cell: ({ state }) => <GroupState state={state} />,
  },
  {
    key: 'members',
    title: 'Members',
    width: '72px',
    align: 'right',
    data: true,
    sort: (row) => row.members,
    cell: (row) => count(row.members),
  },
  {
    key: 'topics',
    title: 'Topics',
    width: 'minmax(140px, 1fr)',
    data: true,
    from: 700,
    sort: (row) => row.topics.join(', ') || null,
    cell: (row) => row.topics.join(', '),
  },
  {
    key: 'lag',
    title: 'Lag',
    width: '90px',
    align: 'right',
    data: true,
    sort: (row) => row.lag,
    cell: (row) => count(row.lag),
  },
]

export function GroupsPage() {
  const pipeline = usePipeline().id
  const runs = useStackRuns()
  const navigate = useNavigate()
  const groups = useQuery({
    queryKey: ['groups', pipeline],
    queryFn: ({ signal }) => client.groups.list({ pipeline }, { signal }),
    enabled: runs === true,
    refetchInterval: 2_000,
  })
  const rows = groups.data
  return (
    <>
      <PageHead
        title="Groups"
        sub={rows === undefined ? 'Who reads from Kafka.' : `${counted(rows.length, 'consumer group')}.`}
      />
      {runs === false && <StackStopped what="Kafka" />}
      {runs && (
        <ProblemNotice
          problem={groups.error}
          actions={<Button onClick={() => void groups.refetch()}>Try again</Button>}
        />
      )}
      {runs && rows === undefined && groups.error === null && <Skeleton className="h-64 rounded-xl" />}
      {runs && rows !== undefined && (
        <VirtualTable
          label="Consumer groups"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          height="max-h-[calc(100vh-230px)]"
          onSelect={(row) => void navigate({ to: '/groups/$group', params: { group: row.id } })}
          empty={
            <Empty icon={Users} title="No consumer groups">
              A group appears when a consumer joins it or commits an offset. Looking at messages here makes
              none.
            </Empty>
          }
        />
      )}
    </>
  )
}
