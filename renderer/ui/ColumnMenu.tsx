/** Which columns of a table are shown, and everything as before. */
import { Columns3, Undo2 } from 'lucide-react'
import { Menu, MenuCheck, MenuItem } from './Menu.tsx'
import { asBefore, type KeptView } from './tableView.ts'

interface ColumnMenuProps {
  /** Of the table. */
  readonly label: string
  readonly columns: readonly { readonly key: string; readonly title: string }[]
  readonly shown: readonly { readonly key: string }[]
  readonly kept: KeptView
}

export function ColumnMenu({ label, columns, shown, kept: { view, change, reset } }: ColumnMenuProps) {
  return (
    <Menu
      name={`Columns of ${label}`}
      className="absolute top-[3px] right-1 grid size-6 place-items-center rounded-md bg-sunken text-ink-2 hover:bg-line hover:text-ink"
      label={<Columns3 size={14} strokeWidth={1.75} aria-hidden />}
    >
      {columns.map(({ key, title }) => {
        const isShown = shown.some((column) => column.key === key)
        return (
          <MenuCheck
            key={key}
            checked={isShown}
            // One must be left to come back by.
            disabled={isShown && shown.length === 1}
            onChange={(checked) => change({ shown: { ...view.shown, [key]: checked } })}
          >
            {title}
          </MenuCheck>
        )
      })}
      <hr className="my-1 border-line" />
      <MenuItem icon={Undo2} disabled={view === asBefore} onSelect={reset}>
        As before
      </MenuItem>
    </Menu>
  )
}
