/** A menu button on the platform's `popover`: arrows move, Escape closes, a press elsewhere closes. */
import { Check, type LucideIcon } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'

interface MenuProps {
  /** Inside of the button. */
  readonly label: ReactNode
  /** The button's name where its inside is no text. */
  readonly name?: string
  readonly className?: string
  readonly children: ReactNode
}

export function Menu({ label, name, className = 'btn', children }: MenuProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>('.menu-item:not(:disabled)') ?? [])]
  const move = (event: KeyboardEvent) => {
    const all = items()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to === undefined || all.length === 0) return
    event.preventDefault()
    all[(to + all.length) % all.length]?.focus()
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        popoverTarget={id}
        aria-haspopup="menu"
        {...(name === undefined ? {} : { 'aria-label': name })}
      >
        {label}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        className="menu"
        aria-label={name ?? 'Menu'}
        onKeyDown={move}
        onBeforeToggle={(event) => {
          const rect = button.current?.getBoundingClientRect()
          if (event.newState !== 'open' || rect === undefined) return
          event.currentTarget.style.top = `${rect.bottom + 4}px`
          // Towards the middle of the window, so that it never leaves it.
          const right = rect.left > window.innerWidth / 2
          event.currentTarget.style.left = right ? 'auto' : `${rect.left}px`
          event.currentTarget.style.right = right ? `${window.innerWidth - rect.right}px` : 'auto'
        }}
        onToggle={(event) => {
          if (event.newState === 'open') items()[0]?.focus()
        }}
      >
        {children}
      </div>
    </>
  )
}

interface MenuItemProps {
  readonly icon?: LucideIcon
  readonly onSelect: () => void
  readonly disabled?: boolean
  readonly children: ReactNode
}

export function MenuItem({ icon: Icon, onSelect, disabled, children }: MenuItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      className="menu-item"
      tabIndex={-1}
      disabled={disabled}
      onClick={(event) => {
        event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover()
        onSelect()
      }}
    >
      {Icon && <Icon size={15} strokeWidth={1.75} aria-hidden />}
      {children}
    </button>
  )
}

interface MenuCheckProps {
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChange: (checked: boolean) => void
  readonly children: ReactNode
}

/** Chosen or not; the menu stays open, since there are often several. */
export function MenuCheck({ checked, disabled, onChange, children }: MenuCheckProps) {
  return (
    <button
      type="button"
      role="menuitemcheckbox"
      aria-checked={checked}
      className="menu-item"
      tabIndex={-1}
      disabled={disabled}
      onClick={() => onChange(!checked)}
    >
      <Check size={15} strokeWidth={2} aria-hidden className={checked ? '' : 'invisible'} />
      {children}
    </button>
  )
}
