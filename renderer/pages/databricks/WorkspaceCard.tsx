/** How the connection stands: who is signed in and what the workspace has, or what is wrong and the way on. */
import { LogIn, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import type { DatabricksStatus } from '../../../shared/contract/databricks.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { BrowserSignIn } from '../../components/BrowserSignIn.tsx'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { RememberField } from '../../components/RememberField.tsx'
import { Facts } from '../../components/records/Facts.tsx'
import { WorkspaceLink } from '../../components/WorkspaceLink.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'

export function WorkspaceCard({ status }: { readonly status: DatabricksStatus }) {
  const pipeline = usePipeline().id
  const [remember, setRemember] = useState(false)
  const test = useAction(client.databricks.test)
  const login = useAction(client.databricks.login)
  const { state, identity, problem, auth, signIn } = status
  const mayLogIn = auth === 'browser' && identity === null && signIn === null
  const words =
    identity !== null
      ? `Signed in as ${identity.displayName}${identity.admin ? ', an admin' : ''}.`
      : state === 'testing'
        ? 'Asking the workspace who this is …'
        : 'Not signed in.'
  return (
    <Card
      title="Workspace"
      actions={
        <>
          {identity !== null && <WorkspaceLink page={{ kind: 'workspace' }} words="Open" />}
          <Button
            small
            icon={RefreshCw}
            busy={test.isPending || state === 'testing'}
            onClick={() => test.mutate({ pipeline })}
          >
            Test
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <p role="status" className="font-medium">
          {words}
        </p>
        {identity !== null && <Facts facts={factsOf(status)} />}
        <ProblemNotice problem={problem} tone={state === 'ask' ? 'warn' : 'bad'} />
        {mayLogIn && (
          <div className="grid justify-items-start gap-3">
            <RememberField checked={remember} onChange={setRemember} />
            <Button
              variant="primary"
              icon={LogIn}
              busy={login.isPending}
              onClick={() => login.mutate({ pipeline, remember })}
            >
              Sign in
            </Button>
          </div>
        )}
        {signIn !== null && <SignIn url={signIn.url} opened={signIn.opened} />}
        <ProblemNotice problem={test.error ?? login.error} alert />
      </div>
    </Card>
  )
}

function factsOf({ host, identity, can }: DatabricksStatus): readonly (readonly [string, string])[] {
  const clusters = can?.clusters
  return [
    ['Address', host],
    ['User', identity?.userName ?? ''],
    [
      'Unity Catalog',
      !can?.unityCatalog ? 'none' : can.catalog === null ? 'no catalog of its own' : `catalog ${can.catalog}`,
    ],
    ['Serverless', can?.serverless == null ? 'not known' : 'yes'],
    [
      'Clusters',
      clusters == null ? 'may not be listed' : clusters.map(({ name }) => name).join(', ') || 'none',
    ],
  ]
}

/** A sign-in under way in the browser, and the way out. */
function SignIn({ url, opened }: { readonly url: string; readonly opened: boolean }) {
  const pipeline = usePipeline().id
  const cancel = useAction(client.databricks.cancelLogin)
  return (
    <BrowserSignIn
      {...{ url, opened }}
      hint="The browser comes back to this computer by itself when you have agreed."
      onCancel={() => cancel.mutate({ pipeline })}
    />
  )
}
