/** What was found at the addresses, name by name. */

import { useEffect, useRef } from 'react'
import { StateDot } from '../../ui/StateDot.tsx'
import { counted } from '../format.ts'
import { ProblemNotice } from '../ProblemNotice.tsx'
import type { Found } from './useDiscovery.ts'

export function FoundList({ found }: { readonly found: Found }) {
  const place = useRef<HTMLElement>(null)
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const all = [...found.topics, ...found.streams]
  const there = all.filter((one) => one.found).length
  return (
    <section ref={place} aria-label="What was found" className="grid scroll-mb-20 gap-3">
      <p role="status" className="font-medium">
        {there === all.length
          ? 'Everything was found.'
          : `Found ${there} of ${counted(all.length, 'topic or stream', 'topics and streams')}.`}
      </p>
      {found.problems.map((problem) => (
        <ProblemNotice key={`${problem.code} ${problem.message}`} problem={problem} tone="warn" />
      ))}
      <div className="grid grid-cols-2 gap-x-6 gap-y-3 max-[760px]:grid-cols-1">
        <Part title="Topics" items={found.topics} />
        <Part title="Streams" items={found.streams} />
      </div>
    </section>
  )
}

function Part({ title, items }: { readonly title: string; readonly items: Found['topics'] }) {
  return (
    <div className="grid content-start gap-1.5">
      <h3>{title}</h3>
      <ul className="grid gap-1.5">
        {items.map((item) => (
          <li key={item.name} className="grid grid-cols-[12px_minmax(0,1fr)] items-baseline gap-1.5">
            <StateDot state={item.found ? 'good' : 'bad'} label="" />
            <span className="[overflow-wrap:anywhere]">
              <code>{item.name}</code> {item.found ? 'found' : 'not found'}
              <span className="block text-xs text-ink-2">{item.detail}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
