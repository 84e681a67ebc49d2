/** The button that mends a bad link, or opens the page where a person can. */
import { Link, useNavigate } from '@tanstack/react-router'
import { actionTitle, type DoctorAction } from '../../../shared/doctor.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'

export function LinkAction({ action }: { readonly action: DoctorAction }) {
  if (action.kind === 'open')
    return (
      <Link to={action.page} className={buttonClass({})}>
        {actionTitle(action)}
      </Link>
    )
  return <Mend action={action} />
}

type Mending = Exclude<DoctorAction, { kind: 'open' }>

function Mend({ action }: { readonly action: Mending }) {
  const { id: pipeline } = usePipeline()
  const navigate = useNavigate()
  const work = useAction(async ({ kind }: Pick<Mending, 'kind'>) => {
    if (kind === 'startInstance' && action.kind === 'startInstance')
      await client.machines.start({ pipeline, id: action.instance })
    if (kind === 'setUp' && action.kind === 'setUp') {
      await client.plan.start({ pipeline, plan: 'kafkaHost', action: 'apply', steps: [action.step] })
      // What is done there, and how far, is shown by the page of the plan.
      await navigate({ to: '/setup' })
    }
  })
  return (
    <div className="grid justify-items-end gap-1">
      <Button busy={work.isPending} onClick={() => work.mutate(action)}>
        {actionTitle(action)}
      </Button>
      <p role="status" className="text-xs text-ink-2">
        {work.isSuccess && action.kind === 'startInstance' ? 'Started. Check again in a minute.' : ''}
      </p>
      <ProblemNotice problem={work.error} alert />
    </div>
  )
}
