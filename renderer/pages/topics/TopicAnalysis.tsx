/** A topic summed up: sizes, keys, partitions, times, and the fields of its JSON values. */
import { ChartNoAxesColumn, Square } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Analysis, FieldSummary } from '../../../shared/contract/analysis.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { bytes, count, latency } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { TimeHistogram } from '../../components/records/TimeHistogram.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card, Empty } from '../../ui/Card.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { Counts, Facts, KeyFacts } from './AnalysisParts.tsx'
import { fieldWords } from './fieldWords.ts'

const amounts = ['10000', '100000', '1000000', '10000000'] as const

const fieldColumns: readonly Column<FieldSummary>[] = [
  {
    key: 'name',
    title: 'Field',
    width: 'minmax(110px, 1fr)',
    data: true,
    sort: (row) => row.name,
    cell: (row) => row.name,
  },
  {
    key: 'types',
    title: 'Types',
    width: 'minmax(90px, 1fr)',
    sort: (row) => fieldWords.types(row),
    cell: (row) => fieldWords.types(row),
  },
  {
    key: 'present',
    title: 'In',
    width: '80px',
    align: 'right',
    data: true,
    sort: (row) => row.present,
    cell: (row) => count(row.present),
  },
  {
    key: 'distinct',
    title: 'Different',
    width: '90px',
    align: 'right',
    data: true,
    sort: (row) => row.distinct,
    cell: (row) => fieldWords.distinct(row),
  },
  {
    key: 'range',
    title: 'From, to',
    width: '140px',
    data: true,
    from: 700,
    cell: (row) => fieldWords.range(row),
  },
  {
    key: 'top',
    title: 'Most frequent',
    width: 'minmax(160px, 2fr)',
    data: true,
    from: 760,
    cell: (row) => fieldWords.top(row),
  },
]

export function TopicAnalysis({ topic }: { readonly topic: string }) {
  const pipeline = usePipeline().id
  const [amount, setAmount] = useState<(typeof amounts)[number]>('100000')
  const [now, setNow] = useState<Analysis | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const [running, setRunning] = useState(false)
  const current = useRef<AbortController | null>(null)
  useEffect(() => () => current.current?.abort(), [])

  const run = async (times: { fromTime?: number; toTime?: number } = {}) => {
    current.current?.abort()
    const ending = new AbortController()
    current.current = ending
    setProblem(null)
    setRunning(true)
    try {
      const input = { pipeline, topic, filter: { kind: 'none' as const }, most: Number(amount), ...times }
      for await (const next of await client.analysis.run(input, { signal: ending.signal })) setNow(next)
    } catch (thrown) {
      if (!ending.signal.aborted) setProblem(thrown)
    } finally {
      if (current.current === ending) setRunning(false)
    }
  }
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-end gap-3">
        <SelectField
          className="w-48"
          label="Look at the newest"
          value={amount}
          options={amounts.map((value) => ({ value, label: `${count(Number(value))} messages` }))}
          onChange={setAmount}
        />
        {running ? (
          <Button icon={Square} onClick={() => current.current?.abort()}>
            Stop
          </Button>
        ) : (
          <Button variant="primary" icon={ChartNoAxesColumn} onClick={() => void run()}>
            Analyse
          </Button>
        )}
        {now !== null && (
          <p role="status" className="text-sm text-ink-2">
            {count(now.messages)} messages, {bytes(now.bytes)} in {latency(now.elapsedMs)}
            {now.done === 'time' && '; its time was up'}
          </p>
        )}
      </div>
      {running && now !== null && (
        <Progress label="Analysing" fraction={now.total === 0 ? null : Math.min(1, now.passed / now.total)} />
      )}
      <ProblemNotice problem={problem ?? now?.problem ?? null} alert />
      {now === null ? (
        !running && (
          <Empty icon={ChartNoAxesColumn} title="What is in this topic?">
            Sizes, keys, how evenly the partitions are filled, when the messages are from, and the fields of
            their values. Reading them makes no consumer group.
          </Empty>
        )
      ) : (
        <>
          {now.histogram !== null && (
            <TimeHistogram
              histogram={now.histogram}
              onRange={(fromTime, toTime) => void run({ fromTime, toTime })}
            />
          )}
          <div className="grid gap-4 lg:grid-cols-3">
            <Facts now={now} />
            <KeyFacts now={now} />
            <Card title="Partitions">
              <Counts
                empty="None."
                rows={now.partitions.map(({ partition, messages, bytes: size }) => ({
                  name: `partition ${partition}`,
                  count: messages,
                  more: bytes(size),
                }))}
                of={now.messages}
              />
            </Card>
          </div>
          <VirtualTable
            label="Fields"
            columns={fieldColumns}
            rows={now.fields}
            rowKey={(row) => row.name}
            height="max-h-[50vh]"
            empty="No value is a JSON object."
          />
          {now.fieldsLeftOut > 0 && (
            <p className="text-sm text-ink-2">{count(now.fieldsLeftOut)} more names are left out.</p>
          )}
        </>
      )}
    </div>
  )
}
