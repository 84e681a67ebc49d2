/** The live map of the pipeline: boxes laid out by a grid, wires drawn between where they came to lie. */
import { Link } from '@tanstack/react-router'
import { ArrowRight, FlaskConical } from 'lucide-react'
import { useRef } from 'react'
import type { MapHop, MapNode, Overview } from '../../../shared/contract/local.ts'
import { perSecond } from '../../components/format.ts'
import { StateDot } from '../../ui/StateDot.tsx'
import { MapNodeBox } from './MapNodeBox.tsx'
import './map.css'
import { flowSeconds, type Rect, wire } from './mapLayout.ts'
import { nodePlaces } from './places.ts'
import { useRects } from './useRects.ts'

export function PipelineMap({
  pipeline,
  overview,
}: {
  readonly pipeline: string
  readonly overview: Overview
}) {
  const grid = useRef<HTMLDivElement>(null)
  const rects = useRects(grid)
  const troubled = overview.nodes.filter(({ problem }) => problem !== null)
  const practised = overview.nodes.filter(({ incident }) => incident !== null)
  const callouts = troubled.length + practised.length
  const problems = callouts === 0 ? 'none' : callouts <= 2 ? 'few' : 'many'
  return (
    <section aria-label="Pipeline map" className="map rounded-xl border border-line bg-panel shadow-card">
      <div ref={grid} className="map-grid" data-problems={problems}>
        <Wires rects={rects} hops={overview.hops} troubled={troubled} />
        <ul className="contents">
          {overview.nodes.map((node) => (
            <MapNodeBox
              key={node.id}
              pipeline={pipeline}
              node={node}
              hops={overview.hops.filter(({ from }) => from === node.id)}
            />
          ))}
        </ul>
        {callouts > 0 && (
          <ul aria-label="Problems and incidents" className="grid gap-2.5" style={{ gridArea: 'problems' }}>
            {troubled.map((node) => (
              <Callout key={node.id} node={node} />
            ))}
            {practised.map((node) => (
              <IncidentCallout key={node.id} node={node} />
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

/** What is wrong, where, and the way to its fix. */
function Callout({ node }: { readonly node: MapNode }) {
  const place = nodePlaces[node.id]
  if (node.problem === null) return null
  const ink = node.state === 'bad' ? 'text-bad' : 'text-warn'
  return (
    <li
      className="map-node px-3 py-2.5"
      data-state={node.state === 'bad' ? 'bad' : 'warn'}
      data-node={`problem ${node.id}`}
    >
      <h2 className="flex items-center gap-2 text-sm [overflow-wrap:anywhere]">
        <StateDot state={node.state === 'bad' ? 'bad' : 'warn'} label="" />
        <span>
          <span className="text-ink-2">{place.title}: </span>
          {node.problem.message}
        </span>
      </h2>
      <p className="mt-0.5 text-xs text-ink-2 [overflow-wrap:anywhere]">{node.problem.hint}</p>
      <Link
        to={place.to}
        className={`mt-1 inline-flex items-center gap-1 text-xs font-medium underline-offset-2 hover:underline ${ink}`}
      >
        {place.go}
        <ArrowRight size={13} aria-hidden />
      </Link>
    </li>
  )
}

/** What is done on purpose, told apart from what is wrong. */
function IncidentCallout({ node }: { readonly node: MapNode }) {
  if (node.incident === null) return null
  return (
    <li className="map-node px-3 py-2.5" data-incident="">
      <h2 className="flex items-start gap-2 text-sm [overflow-wrap:anywhere]">
        <FlaskConical size={15} strokeWidth={2} className="mt-0.5 flex-none text-accent" aria-hidden />
        <span>
          <span className="text-ink-2">{nodePlaces[node.id].title}: </span>
          incident, {node.incident.title}
        </span>
      </h2>
      <p className="mt-0.5 text-xs text-ink-2 [overflow-wrap:anywhere]">{node.incident.text}</p>
      <Link
        to="/incidents"
        className="mt-1 inline-flex items-center gap-1 text-xs font-medium text-accent underline-offset-2 hover:underline"
      >
        What to look for
        <ArrowRight size={13} aria-hidden />
      </Link>
    </li>
  )
}

interface WiresProps {
  readonly rects: ReadonlyMap<string, Rect>
  readonly hops: readonly MapHop[]
  readonly troubled: readonly MapNode[]
}

function Wires({ rects, hops, troubled }: WiresProps) {
  return (
    <svg className="map-wires" aria-hidden="true">
      {troubled.map(({ id }) => {
        const [from, to] = [rects.get(id), rects.get(`problem ${id}`)]
        // Only where nothing lies between: a dashed line across other boxes would say less than the callout's name.
        if (from === undefined || to === undefined || to.left < from.left + from.width || id !== 'kinesis')
          return null
        return <path key={id} className="map-wire-problem" d={wire(from, to).path} />
      })}
      {hops.map((hop) => {
        const [from, to] = [rects.get(hop.from), rects.get(hop.to)]
        if (from === undefined || to === undefined) return null
        const siblings = hops.filter((other) => other.from === hop.from)
        const { path, label } = wire(from, to, siblings.indexOf(hop), siblings.length)
        const flows = hop.rate !== null && hop.rate > 0
        return (
          <g key={`${hop.from} ${hop.to}`}>
            <path d={path} />
            {flows && (
              <path
                d={path}
                className="map-flow"
                style={{ animationDuration: `${flowSeconds(hop.rate ?? 0).toFixed(1)}s` }}
              />
            )}
            {hop.rate !== null && (
              <text x={label.x} y={label.y} textAnchor={label.anchor}>
                {perSecond(hop.rate)}
              </text>
            )}
          </g>
        )
      })}
    </svg>
  )
}
