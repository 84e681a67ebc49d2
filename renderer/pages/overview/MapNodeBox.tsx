/** One box of the map: state, what it is doing, its total; a click opens its page. */
import { Link } from '@tanstack/react-router'
import { FlaskConical } from 'lucide-react'
import type { MapHop, MapNode } from '../../../shared/contract/local.ts'
import { ratesOf } from '../../api/history.ts'
import { count, perSecond, unknown } from '../../components/format.ts'
import { Sparkline } from '../../components/Sparkline.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { nodePlaces } from './places.ts'

interface MapNodeBoxProps {
  readonly pipeline: string
  readonly node: MapNode
  /** What leaves it, said to screen readers, who do not see the wires. */
  readonly hops: readonly MapHop[]
}

export function MapNodeBox({ pipeline, node, hops }: MapNodeBoxProps) {
  const place = nodePlaces[node.id]
  const inside = (
    <>
      <Inside pipeline={pipeline} node={node} />
      {hops.map(({ to, rate }) => (
        <span key={to} className="sr-only">
          {rate === null ? `, to ${nodePlaces[to].title}` : `, ${perSecond(rate)} to ${nodePlaces[to].title}`}
        </span>
      ))}
    </>
  )
  const props = {
    className: 'map-node',
    'data-state': node.state,
    'data-node': node.id,
    ...(node.incident === null ? {} : { 'data-incident': '' }),
  }
  return (
    <li style={{ gridArea: node.id }} className="min-w-0">
      <Link to={place.to} {...props}>
        {inside}
      </Link>
    </li>
  )
}

function Inside({ pipeline, node }: { readonly pipeline: string; readonly node: MapNode }) {
  const { title } = nodePlaces[node.id]
  const head = (
    <h2 className="flex items-center gap-2 text-sm">
      <StateDot state={node.state} />
      {title}
      {node.incident !== null && (
        <span className="absolute -top-2.5 right-2.5 inline-flex items-center gap-1 rounded bg-panel px-1 text-xs font-medium text-accent">
          <FlaskConical size={13} strokeWidth={2} aria-hidden />
          incident
        </span>
      )}
    </h2>
  )
  if (node.rows.length === 0) {
    return (
      <div className="px-3 py-2.5">
        {head}
        <p className="line-clamp-2 text-xs text-ink-2 [overflow-wrap:anywhere]">{node.detail}</p>
        <p className={`num mt-1 text-[17px] leading-snug ${node.total === null ? 'text-ink-3' : ''}`}>
          {count(node.total)}
        </p>
      </div>
    )
  }
  return (
    <div className="pt-2.5 pb-1">
      <div className="px-3 pb-1.5">{head}</div>
      {node.rows.map(({ name, label, total, rate }) => (
        <div
          key={name}
          title={`${name}, ${rate === null ? unknown : perSecond(rate)}`}
          className="num grid grid-cols-[34px_minmax(0,1fr)_auto] items-center gap-2 border-t border-line px-3 py-1 text-xs"
        >
          <span>{label}</span>
          <Sparkline values={ratesOf(pipeline, name)} />
          <span className={total === null ? 'text-ink-3' : ''}>{count(total)}</span>
        </div>
      ))}
    </div>
  )
}
