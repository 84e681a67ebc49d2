/** Activity: what the app did and why it failed, newest first. */
import { Activity as ActivityIcon, SearchX } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Activity } from '../../../shared/contract/app.ts'
import { useActivity } from '../../api/pipeline.ts'
import { usePipelines } from '../../api/query.ts'
import { counted, timeAt } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { useNow } from '../../components/useNow.ts'
import { Button } from '../../ui/Button.tsx'
import { Empty, PageHead } from '../../ui/Card.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { EntryPanel } from './EntryPanel.tsx'
import { areasOf, type Filter, filtered, levelWords, noFilter } from './filter.ts'

const levels = [
  { value: 'all' as const, label: 'All levels' },
  { value: 'bad' as const, label: 'Failures' },
  { value: 'warn' as const, label: 'Warnings' },
  { value: 'good' as const, label: 'Done' },
  { value: 'info' as const, label: 'Information' },
]

export function ActivityPage() {
  const { value, problem } = useActivity()
  const [filter, setFilter] = useState<Filter>(noFilter)
  const [selected, setSelected] = useState<number | null>(null)
  const columns = useColumns()
  const rows = useMemo(() => filtered(value ?? [], filter), [value, filter])
  const chosen = rows.find((row) => row.id === selected) ?? null
  const narrowed = filter.level !== 'all' || filter.area !== 'all' || filter.search.trim() !== ''
  const areas = [
    { value: 'all', label: 'All areas' },
    ...areasOf(value ?? [], filter.area).map((area) => ({ value: area, label: area })),
  ]
  return (
    <>
      <PageHead
        title="Activity"
        sub={value === undefined ? 'What the app did, and why.' : said(rows.length, value.length, narrowed)}
      />
      <search aria-label="Filter the activity" className="flex flex-wrap items-end gap-3">
        <SelectField
          label="Level"
          className="w-40"
          value={filter.level}
          options={levels}
          onChange={(level) => setFilter({ ...filter, level })}
        />
        <SelectField
          label="Area"
          className="w-40"
          value={filter.area}
          options={areas}
          onChange={(area) => setFilter({ ...filter, area })}
        />
        <TextField
          label="Search"
          type="search"
          className="min-w-56 flex-1"
          placeholder="Words of the line or its hint"
          value={filter.search}
          onChange={(search) => setFilter({ ...filter, search })}
        />
      </search>
      <ProblemNotice problem={problem} />
      {value === undefined && problem === null && <Skeleton className="h-80 rounded-xl" />}
      {value !== undefined && (
        <VirtualTable
          label="Activity"
          columns={columns}
          rows={rows}
          rowKey={(row) => String(row.id)}
          selected={chosen === null ? null : String(chosen.id)}
          onSelect={(row) => setSelected(row.id === selected ? null : row.id)}
          height={chosen === null ? 'max-h-[calc(100vh-270px)]' : 'max-h-[calc(100vh-440px)]'}
          empty={narrowed ? <NoMatch onClear={() => setFilter(noFilter)} /> : <Nothing />}
        />
      )}
      {chosen !== null && <EntryPanel entry={chosen} onClose={() => setSelected(null)} />}
    </>
  )
}

const said = (shown: number, all: number, narrowed: boolean) =>
  narrowed
    ? `${counted(shown, 'line')} of ${counted(all, 'line')}.`
    : `${counted(all, 'line')}, newest first. Secrets never stand here.`

function Nothing() {
  return (
    <Empty icon={ActivityIcon} title="Nothing yet">
      What the app does is written down here: starts, stops, runs, and what went wrong with the next step.
    </Empty>
  )
}

function NoMatch({ onClear }: { readonly onClear: () => void }) {
  return (
    <Empty
      icon={SearchX}
      title="No line matches"
      action={<Button onClick={onClear}>Clear the filter</Button>}
    >
      Nothing that was written down has this level, area and words.
    </Empty>
  )
}

/** The pipeline is named only where there are several. */
function useColumns(): readonly Column<Activity>[] {
  const pipelines = usePipelines().data?.items
  const now = useNow(60_000)
  return useMemo(() => {
    const names = new Map(pipelines?.map(({ id, settings }) => [id, settings.name]))
    const pipeline: Column<Activity> = {
      key: 'pipeline',
      title: 'Pipeline',
      width: '130px',
      sort: (row) => (row.pipeline === null ? null : (names.get(row.pipeline) ?? row.pipeline)),
      cell: (row) => (row.pipeline === null ? '' : (names.get(row.pipeline) ?? row.pipeline)),
    }
    return [
      {
        key: 'at',
        title: 'Time',
        width: '120px',
        data: true,
        sort: (row) => row.at,
        cell: (row) => timeAt(row.at, now),
        copy: (row) => new Date(row.at).toISOString(),
      },
      {
        key: 'level',
        title: 'Level',
        width: '104px',
        sort: (row) => severity[row.level],
        cell: (row) => <LevelMark level={row.level} />,
      },
      { key: 'area', title: 'Area', width: '92px', sort: (row) => row.area, cell: (row) => row.area },
      ...(names.size > 1 ? [pipeline] : []),
      {
        key: 'text',
        title: 'What happened',
        width: 'minmax(240px, 3fr)',
        sort: (row) => row.text,
        cell: (row) => <span title={row.text}>{row.text}</span>,
      },
      {
        key: 'hint',
        title: 'Next step',
        width: 'minmax(160px, 2fr)',
        from: 820,
        sort: (row) => row.hint,
        cell: (row) => (
          <span className="text-ink-2" title={row.hint ?? undefined}>
            {row.hint}
          </span>
        ),
      },
    ]
  }, [pipelines, now])
}

/** Ascending is worst first. */
const severity = { bad: 0, warn: 1, good: 2, info: 3 } as const
const marks = { info: 'off', good: 'good', warn: 'warn', bad: 'bad' } as const

function LevelMark({ level }: { readonly level: Activity['level'] }) {
  return (
    <span className="inline-flex items-center gap-2">
      <StateDot state={marks[level]} label="" />
      {levelWords[level]}
    </span>
  )
}
