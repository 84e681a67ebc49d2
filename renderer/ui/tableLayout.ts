/** How a virtual table moves: keys, its width, and staying at what a person reads while rows come in above. */
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** px. */
export const rowHeight = 34

/** The row a key goes to; undefined where it moves nothing. */
export function movedTo(key: string, index: number, count: number): number | undefined {
  const last = count - 1
  const to: number | undefined = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + 10,
    PageUp: index - 10,
    Home: 0,
    End: last,
  }[key]
  return to === undefined ? undefined : Math.max(0, Math.min(last, to))
}

/** px; without end before it is measured. */
export function useWidth(frame: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY)
  useLayoutEffect(() => {
    const element = frame.current
    if (element === null) return
    const measure = () => setWidth(element.clientWidth)
    const sizes = new ResizeObserver(measure)
    sizes.observe(element)
    measure()
    return () => sizes.disconnect()
  }, [frame])
  return width
}

/** How many rows stand above the one that was first before; 0 where it is gone. */
export function comeAbove<T>(rows: readonly T[], rowKey: (row: T) => string, first: string | null): number {
  return first === null
    ? 0
    : Math.max(
        0,
        rows.findIndex((row) => rowKey(row) === first),
      )
}

/** Keeps the rows in view where they are while others come in above; at the very top the newest stay in view. */
export function useAnchor<T>(
  scroller: RefObject<HTMLElement | null>,
  rows: readonly T[],
  rowKey: (row: T) => string,
  enabled: boolean,
): void {
  const first = useRef<string | null>(null)
  // Only new rows move anything.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useLayoutEffect(() => {
    const element = scroller.current
    const above = comeAbove(rows, rowKey, first.current)
    first.current = rows[0] === undefined ? null : rowKey(rows[0])
    if (enabled && element !== null && element.scrollTop > 0 && above > 0)
      element.scrollTop += above * rowHeight
  }, [rows])
}
