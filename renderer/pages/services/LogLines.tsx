/** Lines of a log, oldest on top: only those in view are drawn; the newest stays in view until a person scrolls up. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import type { LogLine } from '../../../shared/contract/services.ts'
import { count } from '../../components/format.ts'
import { Button } from '../../ui/Button.tsx'
import { levelOf, logClock } from './serviceLook.ts'

export interface NumberedLine extends LogLine {
  readonly number: number
}

/** px of a line that does not wrap. */
const lineHeight = 20
/** Characters drawn of one line; the whole is copied and saved. */
const drawn = 1_000
/** So near the end, px, counts as at the end. */
const nearEnd = 24

const inks = { plain: '', warn: 'text-warn', bad: 'text-bad' } as const

interface LogLinesProps {
  readonly lines: readonly NumberedLine[]
  /** Of several services: each line says whose it is. */
  readonly several: boolean
  readonly empty: string
}

export function LogLines({ lines, several, empty }: LogLinesProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    getItemKey: (index) => lines[index]?.number ?? index,
    overscan: 20,
  })
  const height = virtual.getTotalSize()
  const newest = lines.at(-1)?.number
  // Whenever lines came or were measured; `atEnd` is what a person chose by scrolling.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useLayoutEffect(() => {
    const element = scroller.current
    if (atEnd && element !== null) element.scrollTop = element.scrollHeight
  }, [atEnd, height, newest])
  return (
    <div className="relative">
      {/* Read out only when a person goes there: it changes all the time. */}
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label="Lines of the log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="h-96 overflow-x-hidden overflow-y-auto rounded-lg border border-line bg-sunken py-1.5 text-xs"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setAtEnd(scrollHeight - scrollTop - clientHeight < nearEnd)
        }
      >
        {lines.length === 0 && <p className="px-3 py-1 text-sm text-ink-2">{empty}</p>}
        <div className="relative" style={{ height }}>
          {virtual.getVirtualItems().map((item) => (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className="absolute inset-x-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Line line={lines[item.index] as NumberedLine} several={several} />
            </div>
          ))}
        </div>
      </div>
      {!atEnd && (
        <Button
          small
          icon={ArrowDown}
          className="absolute right-5 bottom-3 shadow-float"
          onClick={() => setAtEnd(true)}
        >
          To the newest
        </Button>
      )}
    </div>
  )
}

function Line({ line, several }: { readonly line: NumberedLine; readonly several: boolean }) {
  const { at, service, system, text } = line
  return (
    <div
      className={`num grid gap-x-3 px-3 leading-5 ${several ? 'grid-cols-[94px_58px_minmax(0,1fr)]' : 'grid-cols-[94px_minmax(0,1fr)]'}`}
    >
      <span className="text-ink-2">{logClock(at)}</span>
      {several && <span className="text-ink-2">{service}</span>}
      <span className={`whitespace-pre-wrap [overflow-wrap:anywhere] ${inks[levelOf(text)]}`}>
        {system && <span className="text-ink-2">systemd: </span>}
        {text.slice(0, drawn)}
        {text.length > drawn && <span className="text-ink-2"> … {count(text.length - drawn)} more</span>}
      </span>
    </div>
  )
}
