/** Puts a text on the clipboard and says so. */
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../ui/Button.tsx'

/** How long the tick stays, ms. */
const shownFor = 1_500

interface CopyButtonProps {
  /** A function where it costs something to make: then it is made when it is copied. */
  readonly text: string | (() => string)
  /** "the folder": what is copied, for the button's name. */
  readonly what: string
  /** Drawn beside the icon. */
  readonly words?: string
}

export function CopyButton({ text, what, words }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  useEffect(() => {
    if (state !== 'copied') return
    const timer = setTimeout(() => setState('idle'), shownFor)
    return () => clearTimeout(timer)
  }, [state])
  const copy = () =>
    navigator.clipboard.writeText(typeof text === 'string' ? text : text()).then(
      () => setState('copied'),
      () => setState('failed'),
    )
  return (
    <>
      <Button
        variant="quiet"
        small
        iconOnly={words === undefined}
        icon={state === 'copied' ? Check : Copy}
        aria-label={`Copy ${what}`}
        onClick={() => void copy()}
      >
        {words}
      </Button>
      <span role="status" className={state === 'failed' ? 'text-xs text-bad' : 'sr-only'}>
        {state === 'copied' ? 'Copied' : state === 'failed' ? 'Not allowed: select and copy it' : ''}
      </span>
    </>
  )
}
