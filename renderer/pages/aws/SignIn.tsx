/** A sign-in under way in the browser: the code to compare, the address where it did not open by itself, and the way out. */
import { ExternalLink } from 'lucide-react'
import type { AwsStatus } from '../../../shared/contract/aws.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'

export function SignIn({ signIn }: { readonly signIn: NonNullable<AwsStatus['signIn']> }) {
  const pipeline = usePipeline().id
  const cancel = useAction(client.aws.cancelLogin)
  const { url, code, opened } = signIn
  return (
    <Notice
      tone="info"
      alert
      title={opened ? 'Sign in in the browser that opened.' : 'Open the sign-in page and agree there.'}
      hint="Agree only if the page shows the same code:"
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
          <Button onClick={() => cancel.mutate({ pipeline })}>Cancel</Button>
        </>
      }
    >
      <p className="num mt-1 text-lg font-semibold">{code}</p>
    </Notice>
  )
}
