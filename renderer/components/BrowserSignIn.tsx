/** A sign-in under way in the browser: the address where it did not open by itself, and the way out. */
import { ExternalLink } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, buttonClass } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'

interface BrowserSignInProps {
  readonly url: string
  readonly opened: boolean
  readonly hint: string
  readonly onCancel: () => void
  readonly children?: ReactNode
}

export function BrowserSignIn({ url, opened, hint, onCancel, children }: BrowserSignInProps) {
  return (
    <Notice
      tone="info"
      alert
      title={opened ? 'Sign in in the browser that opened.' : 'Open the sign-in page and agree there.'}
      hint={hint}
      actions={
        <>
          {!opened && (
            <a
              className={buttonClass({ variant: 'primary' })}
              href={url}
              target="_blank"
              rel="noreferrer noopener"
            >
              <ExternalLink size={16} aria-hidden />
              Open the sign-in page
            </a>
          )}
          <Button onClick={onCancel}>Cancel</Button>
        </>
      }
    >
      {children}
    </Notice>
  )
}
