/** Resharding as a picture: one row a generation, each shard as wide as its part of the keys, lines from parent to child. */
import { useRef } from 'react'
import type { StreamDetail } from '../../../shared/contract/streams.ts'
import { useWidth } from '../../ui/tableLayout.ts'
import { familyTree } from './familyTree.ts'
import { shortShard } from './ShardStates.tsx'

const rowHeight = 56
const boxHeight = 30
const gap = 3
/** Below this a name does not fit. */
const nameFrom = 64

export function FamilyTree({ shards }: { readonly shards: readonly StreamDetail['shards'][number][] }) {
  const frame = useRef<HTMLDivElement>(null)
  const measured = useWidth(frame)
  const width = Math.max(200, measured - 2)
  const { nodes, edges, generations } = familyTree(shards)
  const place = new Map(
    nodes.map((node) => [
      node.id,
      {
        x: node.from * width + gap,
        y: node.generation * rowHeight + 4,
        width: Math.max(4, (node.to - node.from) * width - 2 * gap),
      },
    ]),
  )
  const open = nodes.filter((node) => node.open).length
  return (
    <div ref={frame} className="overflow-hidden rounded-xl border border-line bg-panel">
      {/* Not before it is known how much room there is. */}
      {Number.isFinite(measured) && (
        <svg
          role="img"
          aria-label={`Family tree: ${nodes.length} shards in ${generations} generations, ${open} open. The table below has the same.`}
          width={width}
          height={generations * rowHeight}
          className="block"
        >
          {edges.map(({ parent, child }) => {
            const [from, to] = [place.get(parent), place.get(child)]
            if (from === undefined || to === undefined) return null
            // From where both overlap: a child takes a part of its parent's keys.
            const x = (Math.max(from.x, to.x) + Math.min(from.x + from.width, to.x + to.width)) / 2
            return (
              <line
                key={`${parent} ${child}`}
                x1={x}
                y1={from.y + boxHeight}
                x2={x}
                y2={to.y}
                className="stroke-ink-2"
                strokeWidth={1.5}
              />
            )
          })}
          {nodes.map((node) => {
            const at = place.get(node.id)
            if (at === undefined) return null
            return (
              <g key={node.id}>
                <title>{`${node.id}, ${node.open ? 'open' : 'closed'}`}</title>
                <rect
                  x={at.x}
                  y={at.y}
                  width={at.width}
                  height={boxHeight}
                  rx={6}
                  className={node.open ? 'fill-ok-soft stroke-ok' : 'fill-sunken stroke-line'}
                />
                {at.width >= nameFrom && (
                  <text
                    x={at.x + at.width / 2}
                    y={at.y + boxHeight / 2 + 4}
                    textAnchor="middle"
                    className={`num text-xs ${node.open ? 'fill-ok' : 'fill-ink-2'}`}
                  >
                    {shortShard(node.id)}
                  </text>
                )}
              </g>
            )
          })}
        </svg>
      )}
    </div>
  )
}
