/** A dialog on the platform's own `<dialog>`: focus stays inside, Escape closes, focus returns to where it was. */
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './Button.tsx'

interface DialogProps {
  readonly open: boolean
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  /** Buttons at the foot; the last one is the main one. */
  readonly footer?: ReactNode
  readonly wide?: boolean
  /** With it the dialog is a form: Enter and a submit button call it. */
  readonly onSubmit?: () => void
}

export function Dialog({ open, title, onClose, children, footer, wide = false, onSubmit }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const cameFrom = useRef<Element | null>(null)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current
    if (open && dialog !== null && !dialog.open) {
      cameFrom.current = document.activeElement
      dialog.showModal()
      // Left to itself the platform begins at the close button; React's autoFocus comes before the dialog is shown.
      dialog.querySelector<HTMLElement>('input, select, textarea')?.focus()
    }
    if (!open) dialog?.close()
  }, [open])
  // Who draws a dialog only while it is asked takes it away open: then the platform does not give the focus back.
  useEffect(
    () => () => {
      const from = cameFrom.current
      if (document.activeElement === document.body && from instanceof HTMLElement) from.focus()
    },
    [],
  )
  const inside = open && (
    <>
      <div className="flex items-center gap-3 border-b border-line py-2.5 pr-2.5 pl-4">
        <h2 id={id} className="text-lg">
          {title}
        </h2>
        <Button
          variant="quiet"
          small
          iconOnly
          icon={X}
          aria-label="Close"
          className="ml-auto"
          onClick={onClose}
        />
      </div>
      <div className="grid gap-3 px-4 py-4">{children}</div>
      {footer !== undefined && (
        <div className="sticky bottom-0 flex justify-end gap-2 border-t border-line bg-panel px-4 py-3">
          {footer}
        </div>
      )}
    </>
  )
  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      className={`sheet ${wide ? 'sheet-wide' : ''}`}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClose={() => {
        if (open) onClose()
      }}
    >
      {onSubmit === undefined ? (
        inside
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            onSubmit()
          }}
        >
          {inside}
        </form>
      )}
    </dialog>
  )
}
