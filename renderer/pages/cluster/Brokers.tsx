/** The brokers: where they are, what they lead and hold, and how full their disks are. */
import type { BrokerRow } from '../../../shared/contract/cluster.ts'
import { bytes, count, unknown } from '../../components/format.ts'
import { Badge } from '../../ui/StateDot.tsx'
import type { SortValue } from '../../ui/tableSort.ts'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'

const sum = (values: readonly (number | null)[]): number | null =>
  values.includes(null) ? null : values.reduce<number>((total, value) => total + (value ?? 0), 0)

const held = ({ dirs }: BrokerRow) => (dirs === null ? null : sum(dirs.map((dir) => dir.bytes)))

const number = (
  title: string,
  width: string,
  sort: (row: BrokerRow) => SortValue,
  of: (row: BrokerRow) => string,
  from = 0,
): Column<BrokerRow> => ({
  key: title,
  title,
  width,
  align: 'right',
  data: true,
  from,
  sort,
  cell: of,
})

const columns: readonly Column<BrokerRow>[] = [
  number(
    'Id',
    '50px',
    ({ id }) => id,
    (row) => String(row.id),
  ),
  {
    key: 'address',
    title: 'Address',
    width: 'minmax(250px, 2fr)',
    sort: ({ host, port }) => `${host}:${port}`,
    copy: ({ host, port }) => `${host}:${port}`,
    cell: ({ host, port, controller }) => (
      <span className="flex items-center gap-2">
        <span className="num truncate">
          {host}:{port}
        </span>
        {controller && <Badge tone="accent">controller</Badge>}
      </span>
    ),
  },
  {
    key: 'rack',
    title: 'Rack',
    width: '90px',
    data: true,
    from: 900,
    sort: ({ rack }) => rack,
    cell: ({ rack }) => rack ?? unknown,
  },
  number(
    'Leads',
    '80px',
    ({ leads }) => leads,
    (row) => count(row.leads),
  ),
  number(
    'In sync',
    '110px',
    ({ inSync }) => inSync,
    (row) => `${count(row.inSync)} of ${count(row.replicas)}`,
  ),
  number('Data', '90px', held, (row) => bytes(held(row))),
  number(
    'Disk free',
    '150px',
    ({ dirs }) => tightest(dirs)?.usable ?? null,
    ({ dirs }) => disk(dirs),
    760,
  ),
  {
    key: 'trouble',
    title: 'Disk state',
    width: 'minmax(90px, 1fr)',
    from: 900,
    cell: ({ dirs, silent }) =>
      silent ??
      dirs?.flatMap(({ path, failure }) => (failure === null ? [] : `${path}: ${failure}`)).join(', ') ??
      '',
  },
]

/** Folders on the same file system would be counted twice: the smallest room is what counts. */
function tightest(dirs: BrokerRow['dirs']) {
  const known = (dirs ?? []).flatMap(({ usable, total }) =>
    usable === null || total === null ? [] : [{ usable, total }],
  )
  return known.sort((a, b) => a.usable - b.usable)[0]
}

function disk(dirs: BrokerRow['dirs']): string {
  const found = tightest(dirs)
  return found === undefined ? unknown : `${bytes(found.usable)} of ${bytes(found.total)}`
}

export function Brokers({ rows }: { readonly rows: readonly BrokerRow[] }) {
  return (
    <VirtualTable
      label="Brokers"
      columns={columns}
      rows={rows}
      rowKey={(row) => String(row.id)}
      height="max-h-[40vh]"
      empty="The cluster names no broker."
    />
  )
}
