/** Copying while a row has the focus and nothing is selected: its cells as text, between tabs, as a spreadsheet takes them. */
import { type RefObject, useEffect } from 'react'

/** A row stays a row: what would begin another cell or line becomes a space. */
export const asCell = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** `cells` gives the texts of a drawn row. What is selected is copied as ever. */
export function useRowCopy(
  frame: RefObject<HTMLElement | null>,
  cells: (row: HTMLElement) => readonly string[],
): void {
  useEffect(() => {
    // Without a selection the event goes to the body, whatever has the focus.
    const copy = (event: ClipboardEvent) => {
      const row = document.activeElement
      const inFrame = row instanceof HTMLElement && row.dataset.index !== undefined
      if (!inFrame || !frame.current?.contains(row) || window.getSelection()?.isCollapsed === false) return
      event.preventDefault()
      event.clipboardData?.setData('text/plain', cells(row).map(asCell).join('\t'))
    }
    document.addEventListener('copy', copy)
    return () => document.removeEventListener('copy', copy)
  })
}

/** A press that ended a selection by the mouse inside is none. */
export function selectedText(inside: Node): boolean {
  const selection = window.getSelection()
  return selection !== null && !selection.isCollapsed && inside.contains(selection.anchorNode)
}
