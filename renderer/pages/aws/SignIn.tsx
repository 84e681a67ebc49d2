/** A sign-in to AWS under way in the browser, with the code to compare. */
import type { AwsStatus } from '../../../shared/contract/aws.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { BrowserSignIn } from '../../components/BrowserSignIn.tsx'

export function SignIn({ signIn }: { readonly signIn: NonNullable<AwsStatus['signIn']> }) {
  const pipeline = usePipeline().id
  const cancel = useAction(client.aws.cancelLogin)
  const { url, code, opened } = signIn
  return (
    <BrowserSignIn
      {...{ url, opened }}
      hint="Agree only if the page shows the same code:"
      onCancel={() => cancel.mutate({ pipeline })}
    >
      <p className="num mt-1 text-lg font-semibold">{code}</p>
    </BrowserSignIn>
  )
}
