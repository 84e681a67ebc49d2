/** Buttons, and links that look like them. */
import { LoaderCircle, type LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'

export interface ButtonLook {
  readonly variant?: 'plain' | 'primary' | 'danger' | 'quiet'
  readonly small?: boolean
  /** Only an icon: its name is `aria-label`. */
  readonly iconOnly?: boolean
}

const variants = { plain: '', primary: 'btn-primary', danger: 'btn-danger', quiet: 'btn-quiet' }

/** The classes of a button, for the router's links. */
export function buttonClass({ variant = 'plain', small = false, iconOnly = false }: ButtonLook): string {
  return ['btn', variants[variant], small ? 'btn-small' : '', iconOnly ? 'btn-icon' : '']
    .filter(Boolean)
    .join(' ')
}

interface ButtonProps extends Omit<ComponentProps<'button'>, 'type'>, ButtonLook {
  readonly icon?: LucideIcon
  /** Something it started is under way: it stays focusable and does nothing. */
  readonly busy?: boolean
  readonly type?: 'button' | 'submit'
}

export function Button({
  variant,
  small,
  iconOnly,
  icon: Icon,
  busy = false,
  type = 'button',
  className = '',
  onClick,
  children,
  ...rest
}: ButtonProps) {
  const look = { ...(variant && { variant }), ...(small && { small }), ...(iconOnly && { iconOnly }) }
  const size = small === true ? 14 : 16
  return (
    <button
      {...rest}
      type={type}
      className={`${buttonClass(look)} ${className}`}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {busy ? (
        <LoaderCircle className="spin" size={size} aria-hidden />
      ) : (
        Icon && <Icon size={size} strokeWidth={1.75} aria-hidden />
      )}
      {children}
    </button>
  )
}
