/** Where the children of an element lie, measured again whenever one of them changes its size. */
import { type RefObject, useLayoutEffect, useState } from 'react'
import type { Rect } from './mapLayout.ts'

/** Rectangles relative to `container`, by the `data-node` of each child that has one. */
export function useRects(container: RefObject<HTMLElement | null>): ReadonlyMap<string, Rect> {
  const [rects, setRects] = useState<ReadonlyMap<string, Rect>>(new Map())
  useLayoutEffect(() => {
    const root = container.current
    if (root === null) return
    const measure = () => setRects((before) => unlessSame(before, read(root)))
    const sizes = new ResizeObserver(measure)
    const watch = () => {
      sizes.disconnect()
      sizes.observe(root)
      for (const child of root.querySelectorAll('[data-node]')) sizes.observe(child)
      measure()
    }
    const children = new MutationObserver(watch)
    children.observe(root, { childList: true, subtree: true })
    watch()
    return () => {
      sizes.disconnect()
      children.disconnect()
    }
  }, [container])
  return rects
}

function read(root: HTMLElement): ReadonlyMap<string, Rect> {
  const origin = root.getBoundingClientRect()
  const found = [...root.querySelectorAll<HTMLElement>('[data-node]')].map((child): [string, Rect] => {
    const { left, top, width, height } = child.getBoundingClientRect()
    const [x, y] = [left - origin.left - root.clientLeft, top - origin.top - root.clientTop]
    return [child.dataset.node ?? '', { left: Math.round(x), top: Math.round(y), width, height }]
  })
  return new Map(found)
}

function unlessSame(before: ReadonlyMap<string, Rect>, after: ReadonlyMap<string, Rect>) {
  const same = before.size === after.size && JSON.stringify([...before]) === JSON.stringify([...after])
  return same ? before : after
}
