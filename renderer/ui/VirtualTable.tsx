/**
 * A table of any length: only the rows in view are drawn; arrows move, Enter opens, Ctrl-C copies the row. Columns, widths and
 * sort are a person's, and remembered.
 */
// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by transform, which table layout does not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: rows take the focus, cells do not (a grid of rows)
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { ColumnMenu } from './ColumnMenu.tsx'
import { TableHead } from './TableHead.tsx'
import { movedTo, rowHeight, useAnchor, useWidth } from './tableLayout.ts'
import { type SortValue, useSorted } from './tableSort.ts'
import { useTableView } from './tableView.ts'
import { selectedText, useRowCopy } from './useRowCopy.ts'

export interface Column<T> {
  readonly key: string
  readonly title: string
  /** A grid track: `120px`, `minmax(0, 1fr)`. */
  readonly width: string
  readonly align?: 'right'
  /** Drawn in the data font with tabular numbers. */
  readonly data?: boolean
  /** Left out where the table is narrower than this, px, unless it is asked for; without end: only where it is asked for. */
  readonly from?: number
  readonly cell: (row: T) => ReactNode
  /** What its header sorts by; without it the header does not sort. */
  readonly sort?: (row: T) => SortValue
  /** What of it is copied, where the cell shows more than the value. */
  readonly copy?: (row: T) => string
}

interface VirtualTableProps<T> {
  readonly label: string
  /** What its columns, widths and sort are remembered under; the label where it never changes. */
  readonly id?: string
  /** False for rows whose order is their arrival: the headers of a live tail do not sort. */
  readonly sortable?: boolean
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
  id = label,
  sortable = true,
  columns,
  rows: given,
  rowKey,
  selected = null,
  onSelect,
  height,
  empty,
}: VirtualTableProps<T>) {
  const frame = useRef<HTMLDivElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const kept = useTableView(id)
  const { shown: chosen, widths, sort } = kept.view
  const fitting = columns.filter(
    ({ key, from = 0 }) => chosen[key] ?? (width >= from && from < Number.POSITIVE_INFINITY),
  )
  const shown = fitting.length === 0 ? columns.slice(0, 1) : fitting
  const by = sortable ? shown.find(({ key }) => key === sort?.key)?.sort : undefined
  const rows = useSorted(given, sort, by)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  // Where rows are sorted they change places: then the place is kept, not the row.
  useAnchor(scroller, rows, rowKey, by === undefined)
  const template = shown
    .map((column) => (widths[column.key] ? `${widths[column.key]}px` : column.width))
    .join(' ')
  useRowCopy(frame, (element) => {
    const row = rows[Number(element.dataset.index)]
    return shown.map(({ copy }, nth) =>
      copy !== undefined && row !== undefined
        ? copy(row)
        : ((element.children[nth] as HTMLElement | undefined)?.innerText ?? ''),
    )
  })
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
    <div className="relative">
      <div ref={frame} className="overflow-x-auto rounded-xl border border-line bg-panel shadow-card">
        <div role="grid" aria-label={label} aria-rowcount={rows.length + 1} className="min-w-min">
          <TableHead
            columns={shown}
            template={template}
            sort={sort}
            sortable={sortable}
            onSort={(next) => kept.change({ sort: next })}
            onWidths={(changed) => kept.change({ widths: { ...widths, ...changed } })}
          />
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
                    className={`absolute inset-x-0 grid items-center gap-3 border-b border-line pr-8 pl-4 outline-offset-[-2px] ${
                      isSelected ? 'bg-accent-soft' : onSelect ? 'cursor-pointer hover:bg-sunken' : ''
                    }`}
                    style={{
                      gridTemplateColumns: template,
                      height: rowHeight,
                      transform: `translateY(${item.start}px)`,
                    }}
                    onClick={(event) => {
                      if (!selectedText(event.currentTarget)) onSelect?.(row)
                    }}
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
      <ColumnMenu label={label} columns={columns} shown={shown} kept={kept} />
    </div>
  )
}
