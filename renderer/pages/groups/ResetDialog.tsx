/** Where a group is to go on: chosen, shown partition by partition before and after, then agreed to. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { GroupDetail, ResetRow, ResetTo } from '../../../shared/contract/groups.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { count, unknown } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { useConsent } from '../../components/useConsent.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import type { SortValue } from '../../ui/tableSort.ts'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { resetTo } from './resetTo.ts'

const places: readonly { readonly value: ResetTo['to']; readonly label: string }[] = [
  { value: 'earliest', label: 'The oldest record' },
  { value: 'latest', label: 'The end' },
  { value: 'time', label: 'A time' },
  { value: 'offset', label: 'An offset' },
  { value: 'shift', label: 'So many records on or back' },
]

const number = (
  title: string,
  sort: (row: ResetRow) => SortValue,
  of: (row: ResetRow) => string,
): Column<ResetRow> => ({
  key: title,
  title,
  width: 'minmax(70px, 1fr)',
  align: 'right',
  data: true,
  sort,
  cell: of,
})
const columns: readonly Column<ResetRow>[] = [
  {
    key: 'topic',
    title: 'Topic',
    width: 'minmax(110px, 2fr)',
    data: true,
    sort: (row) => row.topic,
    cell: (row) => row.topic,
  },
  number(
    'Partition',
    ({ partition }) => partition,
    (row) => String(row.partition),
  ),
  number(
    'Before',
    ({ before }) => (before === null ? null : BigInt(before)),
    (row) => row.before ?? unknown,
  ),
  number(
    'After',
    ({ after }) => BigInt(after),
    (row) => row.after,
  ),
  number(
    'Lag before',
    ({ lagBefore }) => lagBefore,
    (row) => count(row.lagBefore),
  ),
  number(
    'Lag after',
    ({ lagAfter }) => lagAfter,
    (row) => count(row.lagAfter),
  ),
]

interface ResetDialogProps {
  readonly open: boolean
  readonly detail: GroupDetail
  readonly onClose: () => void
}

export function ResetDialog({ open, detail, onClose }: ResetDialogProps) {
  const pipeline = usePipeline().id
  const group = detail.id
  const [to, setTo] = useState<ResetTo['to']>('earliest')
  const [value, setValue] = useState('')
  const [topic, setTopic] = useState('')
  const consent = useConsent()
  const wanted = resetTo(to, value)
  const of = { pipeline, group, ...(topic === '' ? {} : { topic }) }
  const preview = useQuery({
    queryKey: ['groups.reset', of, wanted],
    queryFn: ({ signal }) =>
      client.groups.resetPreview({ ...of, to: wanted ?? { to: 'latest' } }, { signal }),
    enabled: open && wanted !== null,
    staleTime: 0,
  })
  const reset = useAction(
    async (rows: readonly ResetRow[]) => {
      const offsets = rows.map(({ topic, partition, after }) => ({ topic, partition, offset: after }))
      const token = await consent.ask({ action: 'groups.reset', pipeline, group, offsets })
      if (token === null) return null
      return client.groups.reset({ pipeline, group, offsets, consent: token })
    },
    (done) => done !== null && onClose(),
  )
  const rows = wanted === null ? undefined : preview.data
  return (
    <>
      <Dialog
        open={open}
        wide
        title="Reset offsets"
        onClose={onClose}
        onSubmit={() => rows !== undefined && reset.mutate(rows)}
        footer={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              type="submit"
              variant="danger"
              busy={reset.isPending}
              disabled={rows === undefined || preview.isFetching}
            >
              Reset…
            </Button>
          </>
        }
      >
        <div className="grid gap-3 sm:grid-cols-3">
          <SelectField label="Go on at" value={to} options={places} onChange={setTo} />
          {(to === 'offset' || to === 'shift') && (
            <TextField
              label={to === 'offset' ? 'Offset' : 'Records'}
              inputMode="numeric"
              value={value}
              onChange={setValue}
              help={to === 'shift' ? 'Negative goes back.' : undefined}
              error={value !== '' && wanted === null ? 'A whole number.' : undefined}
            />
          )}
          {to === 'time' && (
            <TextField label="Time" type="datetime-local" step={1} value={value} onChange={setValue} />
          )}
          <SelectField
            label="Topic"
            value={topic}
            options={[
              { value: '', label: 'All of the group' },
              ...detail.topics.map((name) => ({ value: name, label: name })),
            ]}
            onChange={setTopic}
          />
        </div>
        <ProblemNotice problem={wanted === null ? null : preview.error} />
        <VirtualTable
          label="Before and after"
          columns={columns}
          rows={rows ?? []}
          rowKey={(row) => `${row.topic}/${row.partition}`}
          height="max-h-[40vh]"
          empty={wanted === null ? 'Say where it is to go on.' : 'Looking …'}
        />
        <ProblemNotice problem={reset.error} alert />
      </Dialog>
      {consent.dialog}
    </>
  )
}
