/** The palette, the shortcuts and their list; stands once in the shell. */
import { useRouter } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { ProblemNotice } from '../ProblemNotice.tsx'
import { onPageActions, pageActions } from './action.ts'
import { opensPalette, secondKeyWithin, shortcutKey } from './keys.ts'
import { Palette } from './Palette.tsx'
import { ShortcutList } from './ShortcutList.tsx'
import { type Place, pageActionsOf, useGlobalActions } from './useGlobalActions.ts'
import { useObjects } from './useObjects.ts'

type Opened = 'palette' | 'list' | null

export function Comfort({ places }: { readonly places: readonly Place[] }) {
  const router = useRouter()
  const go = useCallback((path: string) => router.history.push(path), [router])
  const [opened, setOpened] = useState<Opened>(null)
  const objects = useObjects(opened === 'palette', go)
  const offered = useSyncExternalStore(onPageActions, pageActions)
  const global = useGlobalActions(go)
  const lasting = [
    ...pageActionsOf(places, go),
    ...offered,
    // What the page in view offers itself stands once.
    ...global.actions.filter(({ id }) => !offered.some((each) => id === `make ${each.id}`)),
    {
      id: 'shortcuts',
      title: 'Shortcuts',
      group: 'Action',
      keywords: 'keys help',
      run: () => setOpened('list'),
    },
  ]
  const latest = useRef(lasting)
  useEffect(() => {
    latest.current = lasting
  })
  useEffect(() => {
    let first = ''
    let until = 0
    const onKey = (event: KeyboardEvent) => {
      if (opensPalette(event)) {
        // Over another dialog nothing of the page could be used anyway.
        if (document.querySelector('dialog[open]:not([aria-label="Command palette"])') !== null) return
        event.preventDefault()
        setOpened((now) => (now === 'palette' ? null : 'palette'))
        return
      }
      const key = event.defaultPrevented ? null : shortcutKey(event, event.target)
      if (key === null || document.querySelector('dialog[open]') !== null) return
      const pressed = Date.now() < until ? `${first} ${key}` : key
      until = 0
      if (pressed === 'g') {
        first = 'g'
        until = Date.now() + secondKeyWithin
      } else if (pressed === '?') setOpened('list')
      else if (pressed === '/') focusFilter()
      else {
        const action = latest.current.find(({ shortcut }) => shortcut === pressed)
        if (action === undefined) return
        action.run()
      }
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  const close = () => setOpened(null)
  return (
    <>
      <ProblemNotice problem={global.error} alert />
      <Palette open={opened === 'palette'} onClose={close} actions={[...lasting, ...objects]} />
      <ShortcutList open={opened === 'list'} onClose={close} actions={lasting} />
    </>
  )
}

function focusFilter(): void {
  const field = document.querySelector<HTMLInputElement>(
    '#content [data-filter] input, #content search input:not([type="radio"], [type="checkbox"])',
  )
  field?.focus()
  field?.select()
}
