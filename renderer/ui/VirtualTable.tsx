/** A table of any length: only the rows in view are drawn; arrows move, Enter opens. */
// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by transform, which table layout does not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: rows take the focus, cells do not (a grid of rows)
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { movedTo, rowHeight, useAnchor, useWidth } from './tableLayout.ts'

export interface Column<T> {
  readonly key: string
  readonly title: string
  /** A grid track: `120px`, `minmax(0, 1fr)`. */
  readonly width: string
  readonly align?: 'right'
  /** Drawn in the data font with tabular numbers. */
  readonly data?: boolean
  /** Left out where the table is narrower than this, px: what is not worth scrolling sideways for. */
  readonly from?: number
  readonly cell: (row: T) => ReactNode
}

interface VirtualTableProps<T> {
  readonly label: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly rowKey: (row: T) => string
  readonly selected?: string | null
  readonly onSelect?: (row: T) => void
  /** Classes that set the height of the scrolled part. */
  readonly height: string
  readonly empty: ReactNode
}

export function VirtualTable<T>({
  label,
  columns,
  rows,
  rowKey,
  selected = null,
  onSelect,
  height,
  empty,
}: VirtualTableProps<T>) {
  const frame = useRef<HTMLDivElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const shown = columns.filter(({ from = 0 }) => width >= from)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  useAnchor(scroller, rows, rowKey)
  const template = { gridTemplateColumns: shown.map((column) => column.width).join(' ') }
  const onKey = (event: KeyboardEvent, index: number) => {
    const row = rows[index]
    if ((event.key === 'Enter' || event.key === ' ') && row !== undefined) {
      event.preventDefault()
      onSelect?.(row)
    }
    const to = movedTo(event.key, index, rows.length)
    if (to === undefined) return
    event.preventDefault()
    virtual.scrollToIndex(to)
    const focus = () => {
      const element = scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"]`) ?? null
      element?.focus({ preventScroll: true })
      return element !== null
    }
    // A row that was out of view is drawn with the next frame.
    if (!focus()) requestAnimationFrame(focus)
  }
  const items = virtual.getVirtualItems()
  return (
    <div ref={frame} className="overflow-x-auto rounded-xl border border-line bg-panel shadow-card">
      <div role="grid" aria-label={label} aria-rowcount={rows.length + 1} className="min-w-min">
        <Head columns={shown} template={template} />
        {rows.length === 0 && (
          <div role="rowgroup" className={`${height} overflow-auto`}>
            <div role="row" aria-rowindex={2}>
              <div role="gridcell">
                {typeof empty === 'string' ? <p className="px-4 py-3 text-ink-2">{empty}</p> : empty}
              </div>
            </div>
          </div>
        )}
        <div
          ref={scroller}
          role="rowgroup"
          className={`${rows.length === 0 ? 'hidden' : height} overflow-x-hidden overflow-y-auto [scrollbar-gutter:stable]`}
          tabIndex={-1}
        >
          <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index] as T
              const key = rowKey(row)
              const isSelected = key === selected
              return (
                <div
                  key={key}
                  role="row"
                  aria-rowindex={item.index + 2}
                  aria-selected={onSelect === undefined ? undefined : isSelected}
                  data-index={item.index}
                  tabIndex={item.index === (items[0]?.index ?? 0) || isSelected ? 0 : -1}
                  className={`absolute inset-x-0 grid items-center gap-3 border-b border-line px-4 outline-offset-[-2px] ${
                    isSelected ? 'bg-accent-soft' : onSelect ? 'cursor-pointer hover:bg-sunken' : ''
                  }`}
                  style={{ ...template, height: rowHeight, transform: `translateY(${item.start}px)` }}
                  onClick={() => onSelect?.(row)}
                  onKeyDown={(event) => {
                    if (event.target === event.currentTarget) onKey(event, item.index)
                  }}
                >
                  {shown.map((column) => (
                    <span
                      key={column.key}
                      role="gridcell"
                      className={`truncate ${column.data ? 'num text-sm' : ''} ${column.align === 'right' ? 'text-right' : ''}`}
                    >
                      {column.cell(row)}
                    </span>
                  ))}
                </div>
              )
            })}
          </div>
        </div>
      </div>
    </div>
  )
}

interface HeadProps<T> {
  readonly columns: readonly Column<T>[]
  readonly template: { readonly gridTemplateColumns: string }
}

/** It leaves the room of the body's scroll bar, so that columns stand above each other. */
function Head<T>({ columns, template }: HeadProps<T>) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="grid gap-3 overflow-hidden border-b border-line bg-sunken px-4 py-1.5 [scrollbar-gutter:stable]"
      style={template}
    >
      {columns.map((column) => (
        <span
          key={column.key}
          role="columnheader"
          className={`truncate text-xs font-medium text-ink-2 ${column.align === 'right' ? 'text-right' : ''}`}
        >
          {column.title}
        </span>
      ))}
    </div>
  )
}
