/** The list of shortcuts, grouped, out of the same actions the palette shows. */
import { Dialog } from '../../ui/Dialog.tsx'
import type { Action } from './action.ts'

interface ShortcutListProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly actions: readonly Action[]
}

const everywhere = [
  { id: 'palette', title: 'Command palette', shortcut: 'Ctrl K or ⌘ K' },
  { id: 'list', title: 'This list', shortcut: '?' },
  { id: 'filter', title: 'Go to the filter of the page', shortcut: '/' },
]

export function ShortcutList({ open, onClose, actions }: ShortcutListProps) {
  const named = actions.filter(({ shortcut }) => shortcut !== undefined)
  const groups = [
    { name: 'Everywhere', items: everywhere },
    { name: 'Pages', items: named.filter(({ group }) => group === 'Page') },
    { name: 'On this page', items: named.filter(({ group }) => group !== 'Page') },
  ].filter(({ items }) => items.length > 0)
  return (
    <Dialog open={open} title="Shortcuts" onClose={onClose}>
      <p className="text-sm text-ink-2">They rest while you type into a field.</p>
      {groups.map(({ name, items }) => (
        <section key={name} aria-label={name}>
          <h3 className="mb-1 font-semibold">{name}</h3>
          <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 text-sm">
            {items.map(({ id, title, shortcut }) => (
              <div key={id} className="contents">
                <dt>{title}</dt>
                <dd>
                  <kbd className="num rounded border border-line bg-sunken px-1.5">{shortcut}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}
