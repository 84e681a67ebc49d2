/** The history of runs, newest first. */
import { useNavigate } from '@tanstack/react-router'
import type { RunSummary } from '../../../shared/emulation.ts'
import { count, timeAt } from '../../components/format.ts'
import { proofOf } from '../../components/proof.ts'
import { optionsText, runStates } from '../../components/runTexts.ts'
import { Badge } from '../../ui/StateDot.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'

const tones = { done: 'good', failed: 'bad', interrupted: 'warn', stopped: 'plain' } as const

const proof = ({ report }: RunSummary) => (report === null ? 'not verified' : proofOf(report).short)

const columns: readonly Column<RunSummary>[] = [
  {
    key: 'at',
    title: 'Started',
    width: '126px',
    data: true,
    sort: (run) => run.startedAt,
    cell: (run) => timeAt(run.startedAt, Date.now()),
    copy: (run) => new Date(run.startedAt).toISOString(),
  },
  {
    key: 'state',
    title: 'State',
    width: '100px',
    sort: (run) => runStates[run.state],
    cell: (run) => (
      <Badge tone={tones[run.state as keyof typeof tones] ?? 'accent'}>{runStates[run.state]}</Badge>
    ),
  },
  {
    key: 'posts',
    title: 'Posts',
    width: '72px',
    align: 'right',
    data: true,
    sort: (run) => run.posts,
    cell: (run) => count(run.posts),
  },
  {
    key: 'acked',
    title: 'Acknowledged',
    width: '96px',
    align: 'right',
    data: true,
    sort: (run) => run.counters.acknowledged,
    cell: (run) => count(run.counters.acknowledged),
  },
  {
    key: 'failed',
    title: 'Failed',
    width: '60px',
    align: 'right',
    data: true,
    sort: (run) => run.counters.failed,
    cell: (run) => count(run.counters.failed),
  },
  { key: 'proof', title: 'Proof', width: '104px', sort: proof, cell: proof },
  {
    key: 'id',
    title: 'Run id',
    width: '200px',
    data: true,
    from: Number.POSITIVE_INFINITY,
    sort: (run) => run.runId,
    cell: (run) => run.runId,
  },
  {
    key: 'what',
    title: 'Settings',
    width: 'minmax(200px, 1fr)',
    from: 900,
    sort: (run) => optionsText(run.options),
    cell: (run) => <span title={optionsText(run.options)}>{optionsText(run.options)}</span>,
  },
]

export function RunList({
  runs,
  shown,
}: {
  readonly runs: readonly RunSummary[]
  readonly shown: string | null
}) {
  const navigate = useNavigate()
  return (
    <VirtualTable
      label="Runs"
      columns={columns}
      rows={runs.toSorted((a, b) => b.startedAt - a.startedAt)}
      rowKey={(run) => run.runId}
      selected={shown}
      onSelect={(run) => void navigate({ to: '/emulation', search: { run: run.runId } })}
      height="max-h-[280px]"
      empty="No runs yet."
    />
  )
}
