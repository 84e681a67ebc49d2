/** Shard by shard, how a tail stands: how far behind, how old, and how much of its reads are used. */
import type { ShardState } from '../../../shared/contract/streams.ts'
import { count, duration, unknown } from '../../components/format.ts'

/** AWS gives a shard so many reads a second, for all its readers. */
const readsASecond = 5

export const shortShard = (id: string): string => id.replace(/^shardId-0*(?=\d)/, 'shard ')

export function ShardStates({ rows }: { readonly rows: readonly ShardState[] }) {
  return (
    <table aria-label="Shards being read" className="w-fit text-sm">
      <thead>
        <tr className="text-left text-xs text-ink-2 [&>th]:pr-6 [&>th]:font-medium">
          <th scope="col">Shard</th>
          <th scope="col">Records</th>
          <th scope="col">Behind the latest</th>
          <th scope="col">Iterator age</th>
          <th scope="col">Reads of {readsASecond} a second</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ shard, records, behindMs, iteratorAgeMs, reads, finished }) => (
          <tr key={shard} className="num [&>td]:pr-6">
            <td>{shortShard(shard)}</td>
            <td>{count(records)}</td>
            <td>{behindMs === 0 ? 'at the tip' : duration(behindMs)}</td>
            <td>{iteratorAgeMs === null ? unknown : duration(iteratorAgeMs)}</td>
            <td>{finished ? unknown : (reads ?? 'none, pushed')}</td>
            <td>{finished ? 'closed, read to its end; its children go on' : 'read'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
