/** The headers of a table: a press sorts, the edge of one is dragged or moved by arrows. */
// biome-ignore-all lint/a11y/useSemanticElements: a grid of rows placed by transform has no <th>
// biome-ignore-all lint/a11y/useFocusableInteractive: what is inside a header takes the focus
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useRef, useState } from 'react'
import { nextSort, type Sort } from './tableSort.ts'
import { clampWidth, narrowest, widest } from './tableView.ts'
import type { Column } from './VirtualTable.tsx'

interface TableHeadProps<T> {
  readonly columns: readonly Column<T>[]
  readonly template: string
  readonly sort: Sort | null
  /** False where the rows have an order that is theirs. */
  readonly sortable: boolean
  readonly onSort: (sort: Sort | null) => void
  /** px by column: the one that was moved, and those left of it, which keep their place. */
  readonly onWidths: (widths: Readonly<Record<string, number>>) => void
}

/** One stop for Tab: arrows go from header to header, and Tab on to the edge of the one that has the focus. */
export function TableHead<T>({ columns, template, sort, sortable, onSort, onWidths }: TableHeadProps<T>) {
  const head = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState<string | null>(null)
  const stop = columns.some(({ key }) => key === current) ? current : columns[0]?.key
  const widths = useWidths(head, template)
  const resize = (nth: number, width: number) => {
    const left = columns.slice(0, nth).map(({ key }, at) => [key, clampWidth(widths[at] ?? 0)] as const)
    const key = columns[nth]?.key ?? ''
    onWidths({ ...Object.fromEntries(left), [key]: clampWidth(width) })
  }
  const move = (event: KeyboardEvent<HTMLElement>, nth: number) => {
    const last = columns.length - 1
    const to = { ArrowLeft: nth - 1, ArrowRight: nth + 1, Home: 0, End: last }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const buttons = head.current?.querySelectorAll<HTMLElement>('[data-header]')
    buttons?.[Math.max(0, Math.min(last, to))]?.focus()
  }
  return (
    <div
      ref={head}
      role="row"
      aria-rowindex={1}
      className="grid gap-3 overflow-hidden border-b border-line bg-sunken py-1.5 pr-8 pl-4 [scrollbar-gutter:stable]"
      style={{ gridTemplateColumns: template }}
    >
      {columns.map((column, nth) => {
        const sorts = sortable && column.sort !== undefined
        const order = sorts && sort?.key === column.key ? sort.order : 'none'
        const right = column.align === 'right'
        // Into the gap, so that a mark takes no room of a narrow column's title.
        const look = `flex min-w-0 items-center gap-0.5 rounded-sm text-xs font-medium ${right ? '-ml-3 w-[calc(100%+12px)] justify-end' : 'w-full'}`
        const focus = {
          'data-header': true,
          tabIndex: column.key === stop ? 0 : -1,
          onFocus: () => setCurrent(column.key),
          onKeyDown: (event: KeyboardEvent<HTMLElement>) => move(event, nth),
        }
        return (
          <div
            key={column.key}
            role="columnheader"
            // Not the name of its edge, too.
            aria-label={column.title}
            {...(sorts ? { 'aria-sort': order } : {})}
            className="relative flex min-w-0 items-center"
          >
            {sorts ? (
              <button
                {...focus}
                type="button"
                className={`${look} hover:text-ink ${order === 'none' ? 'text-ink-2' : 'text-ink'}`}
                onClick={() => onSort(nextSort(sort, column.key))}
              >
                {right && <Mark order={order} />}
                <span className="truncate" title={column.title}>
                  {column.title}
                </span>
                {!right && <Mark order={order} />}
              </button>
            ) : (
              <span {...focus} className={`${look} text-ink-2`}>
                <span className="truncate" title={column.title}>
                  {column.title}
                </span>
              </span>
            )}
            <Edge
              title={column.title}
              width={widths[nth] ?? 0}
              tabIndex={column.key === stop ? 0 : -1}
              onWidth={(width) => resize(nth, width)}
            />
          </div>
        )
      })}
    </div>
  )
}

function Mark({ order }: { readonly order: Sort['order'] | 'none' }) {
  if (order === 'none') return null
  const Icon = order === 'ascending' ? ArrowUp : ArrowDown
  return <Icon size={11} strokeWidth={2.5} aria-hidden className="flex-none" />
}

/** px of each header as it is drawn. */
function useWidths(head: { readonly current: HTMLElement | null }, template: string): readonly number[] {
  const [widths, setWidths] = useState<readonly number[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another template is another width
  useLayoutEffect(() => {
    const element = head.current
    if (element === null) return
    const measure = () =>
      setWidths([...element.children].map((header) => Math.round(header.getBoundingClientRect().width)))
    const sizes = new ResizeObserver(measure)
    sizes.observe(element)
    measure()
    return () => sizes.disconnect()
  }, [template])
  return widths
}

interface EdgeProps {
  readonly title: string
  /** px. */
  readonly width: number
  readonly tabIndex: 0 | -1
  readonly onWidth: (width: number) => void
}

/** px that one press of an arrow moves; with Shift more. */
const step = 10
const largeStep = 50

function Edge({ title, width, tabIndex, onWidth }: EdgeProps) {
  const [drag, setDrag] = useState<{ readonly at: number; readonly width: number } | null>(null)
  const move = (event: KeyboardEvent) => {
    const by = event.shiftKey ? largeStep : step
    const to = { ArrowLeft: width - by, ArrowRight: width + by, Home: narrowest }[event.key]
    if (to === undefined) return
    event.preventDefault()
    onWidth(to)
  }
  const follow = (event: PointerEvent) => {
    if (drag !== null) onWidth(drag.width + event.clientX - drag.at)
  }
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${title}`}
      aria-valuenow={width}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      tabIndex={tabIndex}
      className={`absolute inset-y-[-6px] -right-[11px] z-10 w-[10px] cursor-col-resize touch-none rounded-sm after:absolute after:inset-y-1.5 after:left-1/2 after:w-px hover:after:bg-ink-3 ${drag === null ? '' : 'after:bg-accent'}`}
      onKeyDown={move}
      onPointerDown={(event) => {
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ at: event.clientX, width })
      }}
      onPointerMove={follow}
      onPointerUp={() => setDrag(null)}
      onPointerCancel={() => setDrag(null)}
    />
  )
}
