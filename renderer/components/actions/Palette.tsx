/** The command palette: every page, object and action by its name, on the platform's own `<dialog>`. */
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react'
import { count } from '../format.ts'
import type { Action } from './action.ts'
import { findActions } from './find.ts'
import { noteAction, recentActions } from './recent.ts'

interface PaletteProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly actions: readonly Action[]
}

export function Palette({ open, onClose, actions }: PaletteProps) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open) ref.current?.showModal()
    else ref.current?.close()
  }, [open])
  return (
    <dialog
      ref={ref}
      aria-label="Command palette"
      className="sheet mt-[12vh]"
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClose={() => {
        if (open) onClose()
      }}
    >
      {open && <Finder actions={actions} onClose={onClose} />}
    </dialog>
  )
}

function Finder({ actions, onClose }: Omit<PaletteProps, 'open'>) {
  const id = useId()
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const [said, setSaid] = useState('')
  const [recent] = useState(recentActions)
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const wanted = useDeferredValue(query)
  const found = useMemo(() => findActions(actions, wanted, recent), [actions, wanted, recent])
  const chosen = found.actions[Math.min(at, found.actions.length - 1)]
  const index = chosen === undefined ? -1 : found.actions.indexOf(chosen)
  useEffect(() => input.current?.focus(), [])
  useEffect(() => {
    list.current?.children[index]?.scrollIntoView({ block: 'nearest' })
  }, [index])
  const use = (action: Action) => {
    noteAction(action.id)
    onClose()
    action.run()
  }
  const copy = (text: string) =>
    navigator.clipboard.writeText(text).then(
      () => setSaid('The command is on the clipboard.'),
      () => setSaid('The clipboard is not allowed here.'),
    )
  const onKey = (event: KeyboardEvent) => {
    const last = found.actions.length - 1
    const to = {
      ArrowDown: index >= last ? 0 : index + 1,
      ArrowUp: index <= 0 ? last : index - 1,
      PageDown: Math.min(last, index + 8),
      PageUp: Math.max(0, index - 8),
    }[event.key]
    if (to !== undefined) setAt(to)
    else if (event.key !== 'Enter' || chosen === undefined) return
    else if (!event.ctrlKey && !event.metaKey) use(chosen)
    else if (chosen.command !== undefined) void copy(`pipeline ${chosen.command}`)
    event.preventDefault()
  }
  return (
    <>
      <div className="border-b border-line p-2.5">
        <input
          ref={input}
          className="input"
          role="combobox"
          aria-label="Find a page, an object or an action"
          aria-expanded={found.actions.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          {...(index < 0 ? {} : { 'aria-activedescendant': `${id}-${index}` })}
          placeholder="Find a page, a topic, a run, an action …"
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKey}
        />
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label="What was found"
        className={`max-h-[46vh] overflow-auto p-1.5 ${found.actions.length === 0 ? 'hidden' : ''}`}
      >
        {found.actions.map((action, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's
          <div
            key={action.id}
            id={`${id}-${place}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === index}
            className={`menu-item cursor-pointer ${place === index ? 'bg-accent-soft' : ''}`}
            onClick={() => use(action)}
          >
            <span className="min-w-0 flex-1 truncate">{action.title}</span>
            {action.shortcut !== undefined && <kbd className="num text-xs text-ink-2">{action.shortcut}</kbd>}
            <span className="text-xs text-ink-2">{action.group}</span>
          </div>
        ))}
      </div>
      <div className="grid gap-1 border-t border-line px-4 py-2 text-xs text-ink-2">
        {chosen?.command !== undefined && (
          <p className="truncate">
            Ctrl-Enter copies <code className="num text-ink">pipeline {chosen.command}</code>
          </p>
        )}
        <p role="status">{said === '' ? sayCount(found.count, found.actions.length) : said}</p>
      </div>
    </>
  )
}

function sayCount(all: number, shown: number): string {
  if (all === 0) return 'Nothing fits.'
  return all === shown ? `${count(all)} found` : `The first ${count(shown)} of ${count(all)}`
}
