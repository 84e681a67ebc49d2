/** Databricks: the workspace of the pipeline, and what is put there. */
import { useNavigate } from '@tanstack/react-router'
import { Boxes } from 'lucide-react'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { PlanPage } from '../../components/steps/PlanPage.tsx'
import { useConsent } from '../../components/useConsent.tsx'
import { useDatabricks } from '../../components/useDatabricks.ts'
import { usePlanControl } from '../../components/usePlanControl.ts'
import { Button } from '../../ui/Button.tsx'
import { Empty, PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { PlaceForm } from './PlaceForm.tsx'
import { SecretForm } from './SecretForm.tsx'
import { WorkspaceCard } from './WorkspaceCard.tsx'
import { WorkspaceForm } from './WorkspaceForm.tsx'

export function DatabricksPage() {
  const { value, problem } = useDatabricks()
  if (value?.identity) return <Connected key={`${value.host} ${value.identity.userName}`} />
  return (
    <>
      <PageHead title="Databricks" sub="The workspace that this pipeline’s notebooks run in." />
      <ProblemNotice problem={problem} />
      {value === undefined && problem === null && <Skeleton className="h-40 rounded-xl" />}
      {value !== undefined && (
        <>
          {value.auth === 'none' ? (
            <Empty icon={Boxes} title="No workspace yet">
              The notebooks also run on this computer, on the page Notebooks. With a workspace, the Free
              Edition is enough, they run there as they are, by hand or every day.
            </Empty>
          ) : (
            <WorkspaceCard status={value} />
          )}
          <Sign />
        </>
      )}
    </>
  )
}

function Sign() {
  const { value } = useDatabricks()
  return (
    <div className="grid grid-cols-2 items-start gap-4 max-[900px]:grid-cols-1">
      <WorkspaceForm />
      {(value?.auth === 'token' || value?.auth === 'oauth') && (
        <SecretForm key={`${value.auth} ${value.host}`} auth={value.auth} hasSecret={value.hasSecret} />
      )}
    </div>
  )
}

function Connected() {
  const { id } = usePipeline()
  const { value } = useDatabricks()
  const control = usePlanControl('databricks')
  const consent = useConsent()
  const undo = async (steps?: readonly string[]) => {
    const token = await consent.ask({ action: 'plan.undo', pipeline: id, plan: 'databricks' })
    if (token !== null) control.run('undo', steps, token)
  }
  const navigate = useNavigate()
  const run = useAction(client.databricks.applyAndRun, ({ runId }) =>
    navigate({ to: '/jobs', search: { run: runId } }),
  )
  const working = control.plan.value === undefined || control.plan.value.running !== null
  return (
    <>
      <PlanPage
        title="Databricks"
        control={control}
        needs="Databricks bills compute while a job runs; the Free Edition does not."
        undo={(steps) => void undo(steps)}
        foot="Applying again sends only files that are new, and changes nothing that is already right. What you added to the job or the folder stays. Undo removes what was made, and nothing else."
        actions={
          <Button
            variant="primary"
            disabled={working && !run.isPending}
            busy={run.isPending}
            onClick={() => run.mutate({ pipeline: id })}
          >
            Apply and run
          </Button>
        }
      >
        <ProblemNotice problem={run.error} alert />
        {value !== undefined && <WorkspaceCard status={value} />}
        <details className="group">
          <summary className="cursor-default text-sm font-medium text-ink-2">How to sign in</summary>
          <div className="mt-3">
            <Sign />
          </div>
        </details>
        <PlaceForm onSaved={() => control.run('check')} />
      </PlanPage>
      {consent.dialog}
    </>
  )
}
