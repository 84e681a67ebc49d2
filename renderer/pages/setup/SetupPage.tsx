/** Set-up: the steps that bring the pipeline up here, or Kafka on its machine; one list run by one engine. */
import { Link } from '@tanstack/react-router'
import { PackageCheck } from 'lucide-react'
import { usePipeline } from '../../api/pipeline.ts'
import { PlanPage } from '../../components/steps/PlanPage.tsx'
import { useConsent } from '../../components/useConsent.tsx'
import { usePlanControl } from '../../components/usePlanControl.ts'
import { buttonClass } from '../../ui/Button.tsx'
import { Empty, PageHead } from '../../ui/Card.tsx'
import { KafkaHostForm } from './KafkaHostForm.tsx'

export function SetupPage() {
  const { settings } = usePipeline()
  if (settings.kind === 'local') return <LocalSetup />
  return settings.host === null ? <Existing /> : <HostSetup />
}

function LocalSetup() {
  const control = usePlanControl()
  return (
    <PlanPage
      title="Set-up"
      control={control}
      needs="No account and no Docker is needed."
      undo={(steps) => control.run('undo', steps)}
      foot="Applying again changes nothing that is already right. Undo ends what was started here; topics, streams and the lake keep their data."
    />
  )
}

function HostSetup() {
  const { id, settings } = usePipeline()
  const control = usePlanControl('kafkaHost')
  const consent = useConsent()
  const undo = async (steps?: readonly string[]) => {
    const token = await consent.ask({ action: 'plan.undo', pipeline: id, plan: 'kafkaHost' })
    if (token !== null) control.run('undo', steps, token)
  }
  return (
    <>
      <PlanPage
        title="Set-up"
        control={control}
        needs="Kafka comes to the machine of this pipeline, over SSH."
        undo={(steps) => void undo(steps)}
        foot={`Applying again changes nothing that is already right. Undo removes what was installed on the machine${settings.kafkaHost.broker === 'msk' ? '; the topics of MSK stay' : ', with the messages of its topics'}.`}
      >
        <KafkaHostForm onSaved={() => control.run('check')} />
      </PlanPage>
      {consent.dialog}
    </>
  )
}

function Existing() {
  return (
    <>
      <PageHead title="Set-up" sub="This pipeline is run by somebody else." />
      <div className="rounded-xl border border-line bg-panel">
        <Empty
          icon={PackageCheck}
          title="Nothing to set up"
          action={
            <span className="flex flex-wrap justify-center gap-2">
              <Link to="/machine" className={buttonClass({})}>
                Enter a machine
              </Link>
              <Link to="/launch" className={buttonClass({})}>
                Launch one on EC2
              </Link>
            </span>
          }
        >
          The app uses what is already there, at the addresses in Settings. It starts and stops nothing of it.
          Enter a machine, or launch one, to have Kafka set up there, over SSH.
        </Empty>
      </div>
    </>
  )
}
