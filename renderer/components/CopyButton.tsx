/** Puts a text on the clipboard and says so. */
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../ui/Button.tsx'

/** How long the tick stays, ms. */
const shownFor = 1_500

export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  useEffect(() => {
    if (state !== 'copied') return
    const timer = setTimeout(() => setState('idle'), shownFor)
    return () => clearTimeout(timer)
  }, [state])
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('failed'),
    )
  return (
    <>
      <Button
        variant="quiet"
        small
        iconOnly
        icon={state === 'copied' ? Check : Copy}
        aria-label={`Copy ${what}`}
        onClick={() => void copy()}
      />
      <span role="status" className={state === 'failed' ? 'text-xs text-bad' : 'sr-only'}>
        {state === 'copied' ? 'Copied' : state === 'failed' ? 'Not allowed: select and copy it' : ''}
      </span>
    </>
  )
}
