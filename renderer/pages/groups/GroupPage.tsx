/** One consumer group: its lag live and over time, who reads what, reset and delete. */
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { ArrowLeft, History, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { useLive } from '../../api/live.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { count, counted } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { StackStopped, useStackRuns } from '../../components/StackStopped.tsx'
import { useConsent } from '../../components/useConsent.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { PageHead } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { GroupMembers } from './GroupMembers.tsx'
import { GroupPartitions } from './GroupPartitions.tsx'
import { LagHistory } from './LagHistory.tsx'
import { ResetDialog } from './ResetDialog.tsx'

const tabs = [
  { value: 'partitions', label: 'Partitions' },
  { value: 'members', label: 'Members' },
] as const
type Tab = (typeof tabs)[number]['value']

export function GroupPage() {
  const { group } = useParams({ from: '/groups/$group' })
  const pipeline = usePipeline().id
  const runs = useStackRuns()
  const navigate = useNavigate()
  const [tab, setTab] = useState<Tab>('partitions')
  const [resetting, setResetting] = useState(false)
  const consent = useConsent()
  const live = useLive(runs ? `group ${pipeline} ${group}` : null, (signal) =>
    client.groups.watch({ pipeline, group }, { signal }),
  )
  const remove = useAction(
    async () => {
      const token = await consent.ask({ action: 'groups.remove', pipeline, group })
      return token === null ? { removed: false } : client.groups.remove({ pipeline, group, consent: token })
    },
    ({ removed }) => removed && void navigate({ to: '/groups' }),
  )
  const detail = live.value
  const changeable = detail !== undefined && !detail.lake && detail.members === 0
  return (
    <>
      <div>
        <Link to="/groups" className={`${buttonClass({ variant: 'quiet', small: true })} mb-1 -ml-2`}>
          <ArrowLeft size={14} aria-hidden /> Groups
        </Link>
        <PageHead
          title={group}
          beside={<CopyButton text={group} what="the name of the group" />}
          sub={
            detail === undefined
              ? ''
              : `${detail.state || 'State not told'}, ${counted(detail.members, 'member')}, ${count(detail.lag)} behind in ${counted(detail.topics.length, 'topic')}.`
          }
          actions={
            changeable && (
              <>
                <Button icon={History} onClick={() => setResetting(true)}>
                  Reset offsets
                </Button>
                <Button
                  variant="danger"
                  icon={Trash2}
                  busy={remove.isPending}
                  onClick={() => remove.mutate(undefined)}
                >
                  Delete group
                </Button>
              </>
            )
          }
        />
      </div>
      {runs === false && <StackStopped what="Kafka" />}
      <ProblemNotice problem={remove.error} alert />
      {runs && <ProblemNotice problem={live.problem} />}
      {runs && detail === undefined && live.problem === null && <Skeleton className="h-64 rounded-xl" />}
      {detail !== undefined && !changeable && (
        <Notice
          tone="info"
          title={detail.lake ? 'This is the lake’s group' : 'The group has members'}
          hint={
            detail.lake
              ? 'It only shows how far the lake is; where the lake goes on is read from the lake itself.'
              : 'Its offsets can be set and it can be deleted when its consumers have stopped.'
          }
        />
      )}
      {runs && detail !== undefined && (
        <>
          <LagHistory detail={detail} />
          <Tabs label="Views of the group" tabs={tabs} value={tab} onChange={setTab}>
            {tab === 'partitions' && <GroupPartitions detail={detail} />}
            {tab === 'members' && <GroupMembers rows={detail.memberList} />}
          </Tabs>
          {changeable && <ResetDialog open={resetting} detail={detail} onClose={() => setResetting(false)} />}
        </>
      )}
      {consent.dialog}
    </>
  )
}
