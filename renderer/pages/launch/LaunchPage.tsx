/** Launch: a machine of the pipeline's own on EC2, from a key to an address that answers. */
import { Link } from '@tanstack/react-router'
import { Cloud } from 'lucide-react'
import { usePipeline } from '../../api/pipeline.ts'
import { useAws } from '../../components/aws/useAws.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { PlanPage } from '../../components/steps/PlanPage.tsx'
import { useConsent } from '../../components/useConsent.tsx'
import { usePlanControl } from '../../components/usePlanControl.ts'
import { buttonClass } from '../../ui/Button.tsx'
import { Empty, PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { LaunchForm } from './LaunchForm.tsx'

const title = 'Launch a machine'

export function LaunchPage() {
  const { value, problem } = useAws()
  if (value?.identity) return <Launch key={`${value.identity.arn} ${value.region}`} />
  return (
    <>
      <PageHead title={title} sub="An EC2 instance of this pipeline’s own." />
      <ProblemNotice problem={problem} />
      {value === undefined && problem === null && <Skeleton className="h-40 rounded-xl" />}
      {value !== undefined && (
        <div className="rounded-xl border border-line bg-panel">
          <Empty
            icon={Cloud}
            title="No connection to AWS yet"
            action={
              <Link to="/aws" className={buttonClass({})}>
                Connect to AWS
              </Link>
            }
          >
            The instance is launched in the account and region of this pipeline’s identity.
          </Empty>
        </div>
      )}
    </>
  )
}

function Launch() {
  const { id } = usePipeline()
  const control = usePlanControl('machine')
  const consent = useConsent()
  const undo = async (steps?: readonly string[]) => {
    const token = await consent.ask({ action: 'plan.undo', pipeline: id, plan: 'machine' })
    if (token !== null) control.run('undo', steps, token)
  }
  return (
    <>
      <PlanPage
        title={title}
        control={control}
        needs="An instance costs money by the hour while it runs, and for its disk while it is stopped."
        undo={(steps) => void undo(steps)}
        foot="Applying again changes nothing that is already right. Undo terminates the instance with its disk and deletes the key pair and the security group."
      >
        <LaunchForm onSaved={() => control.run('check')} />
      </PlanPage>
      {consent.dialog}
    </>
  )
}
