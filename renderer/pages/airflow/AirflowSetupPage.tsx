/** Set-up of Airflow: the steps that bring the DAG into an environment that is there, and switch it on. */
import { Link } from '@tanstack/react-router'
import { usePipeline } from '../../api/pipeline.ts'
import { PlanPage } from '../../components/steps/PlanPage.tsx'
import { useConsent } from '../../components/useConsent.tsx'
import { usePlanControl } from '../../components/usePlanControl.ts'
import { buttonClass } from '../../ui/Button.tsx'
import { AirflowForm } from './AirflowForm.tsx'

export function AirflowSetupPage() {
  const { id } = usePipeline()
  const control = usePlanControl('airflow')
  const consent = useConsent()
  const undo = async (steps?: readonly string[]) => {
    const token = await consent.ask({ action: 'plan.undo', pipeline: id, plan: 'airflow' })
    if (token !== null) control.run('undo', steps, token)
  }
  return (
    <>
      <PlanPage
        title="Set up Airflow"
        control={control}
        needs="It takes an environment of MWAA that is there, and a connection to Databricks."
        undo={(steps) => void undo(steps)}
        foot="Applying again changes nothing that is already right. Where the requirements change, MWAA takes 10 to 30 minutes. Undo takes back what was made here; what lay in the bucket before is there again."
        actions={
          <Link to="/airflow" className={buttonClass({})}>
            To the runs
          </Link>
        }
      >
        <AirflowForm onSaved={() => control.run('check')} />
      </PlanPage>
      {consent.dialog}
    </>
  )
}
