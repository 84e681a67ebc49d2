/** The connection to AWS: who the pipeline acts as, how it signs in, and what it may do. */
import { Cloud } from 'lucide-react'
import { useAws } from '../../components/aws/useAws.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Empty, PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { ChoiceForm } from './ChoiceForm.tsx'
import { Connection } from './Connection.tsx'
import { KeysForm } from './KeysForm.tsx'
import { Machines } from './Machines.tsx'
import { MskClusters } from './MskClusters.tsx'
import { Permissions } from './Permissions.tsx'
import { Profiles } from './Profiles.tsx'

export function AwsPage() {
  const { value, problem } = useAws()
  return (
    <>
      <PageHead title="AWS" sub="Who this pipeline acts as in the cloud, and its machines there." />
      <ProblemNotice problem={problem} />
      {value === undefined && problem === null && <Skeleton className="h-40 rounded-xl" />}
      {value !== undefined && (
        <>
          {value.choice.source === 'none' ? (
            <Empty icon={Cloud} title="No connection to AWS yet">
              Choose one of your profiles below, or another way to sign in. The app uses what the AWS tools on
              this computer use; nothing is copied.
            </Empty>
          ) : (
            <Connection status={value} />
          )}
          <div className="grid grid-cols-[minmax(0,1fr)_380px] items-start gap-4 max-[1100px]:grid-cols-1">
            <div className="grid gap-4">
              <Profiles choice={value.choice} />
              {value.identity !== null && (
                <>
                  <Machines identity={`${value.identity.arn} ${value.region}`} />
                  <MskClusters identity={`${value.identity.arn} ${value.region}`} />
                  <Permissions />
                </>
              )}
            </div>
            <div className="grid gap-4">
              <ChoiceForm choice={value.choice} />
              {value.choice.source === 'keys' && <KeysForm hasKeys={value.hasKeys} />}
            </div>
          </div>
        </>
      )}
    </>
  )
}
