/** How a person likes a table: columns, widths and sort, kept in this browser by the table's id. */
import { useState } from 'react'
import type { Sort } from './tableSort.ts'

export interface TableView {
  /** Columns a person chose to see or not; the others as there is room. */
  readonly shown: Readonly<Record<string, boolean>>
  /** px by column; the others have their own. */
  readonly widths: Readonly<Record<string, number>>
  readonly sort: Sort | null
}

export const asBefore: TableView = { shown: {}, widths: {}, sort: null }

/** Of what is stored; another version counts as nothing. */
const version = 1

/** px: below, a column could not be grasped any more; above, nobody finds what is right of it. */
export const narrowest = 40
export const widest = 2_000

export const clampWidth = (width: number): number => Math.round(Math.min(widest, Math.max(narrowest, width)))

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function entriesOf<T>(value: unknown, isOne: (each: unknown) => each is T): Record<string, T> {
  const entries = isObject(value) ? Object.entries(value) : []
  return Object.fromEntries(entries.filter((entry): entry is [string, T] => isOne(entry[1])))
}

const isBoolean = (value: unknown) => typeof value === 'boolean'
const isWidth = (value: unknown): value is number =>
  typeof value === 'number' && value >= narrowest && value <= widest

function sortOf(value: unknown): Sort | null {
  if (!isObject(value) || typeof value.key !== 'string') return null
  const { key, order } = value
  return order === 'ascending' || order === 'descending' ? { key, order } : null
}

/** What is damaged or of another version is as if nothing had been stored; a damaged part costs only itself. */
export function readView(stored: string | null): TableView {
  try {
    const value: unknown = JSON.parse(stored ?? 'null')
    if (!isObject(value) || value.version !== version) return asBefore
    return {
      shown: entriesOf(value.shown, isBoolean),
      widths: entriesOf(value.widths, isWidth),
      sort: sortOf(value.sort),
    }
  } catch {
    return asBefore
  }
}

const placeOf = (id: string) => `pipeline.table.${id}`

function load(id: string): TableView {
  try {
    return readView(localStorage.getItem(placeOf(id)))
  } catch {
    return asBefore
  }
}

function save(id: string, view: TableView): void {
  try {
    if (view === asBefore) localStorage.removeItem(placeOf(id))
    else localStorage.setItem(placeOf(id), JSON.stringify({ version, ...view }))
  } catch {
    // Storage is full or forbidden: then nothing is remembered.
  }
}

export interface KeptView {
  readonly view: TableView
  readonly change: (part: Partial<TableView>) => void
  readonly reset: () => void
}

export function useTableView(id: string): KeptView {
  const [stored, setStored] = useState(() => ({ id, view: load(id) }))
  const now = stored.id === id ? stored : { id, view: load(id) }
  const set = (view: TableView) => {
    setStored({ id, view })
    save(id, view)
  }
  return { view: now.view, change: (part) => set({ ...now.view, ...part }), reset: () => set(asBefore) }
}
