/** One topic: its messages, partitions and configuration. */

import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { bytes, count, counted } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { StackStopped, useStackRuns } from '../../components/StackStopped.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { LakeProblems } from './LakeProblems.tsx'
import { Messages } from './Messages.tsx'
import { TopicAnalysis } from './TopicAnalysis.tsx'
import { TopicConfig } from './TopicConfig.tsx'
import { TopicPartitions } from './TopicPartitions.tsx'
import { useTopicActions } from './useTopicActions.tsx'

const tabs = [
  { value: 'messages', label: 'Messages' },
  { value: 'analysis', label: 'Analysis' },
  { value: 'partitions', label: 'Partitions' },
  { value: 'configuration', label: 'Configuration' },
] as const
type Tab = (typeof tabs)[number]['value']

export function TopicPage() {
  const { topic } = useParams({ from: '/topics/$topic' })
  const { expression } = useSearch({ from: '/topics/$topic' })
  const pipeline = usePipeline().id
  const runs = useStackRuns()
  const [tab, setTab] = useState<Tab>('messages')
  const detail = useQuery({
    queryKey: ['topic', pipeline, topic],
    queryFn: ({ signal }) => client.topics.get({ pipeline, topic }, { signal }),
    enabled: runs === true,
    refetchInterval: 2_000,
  })
  const actions = useTopicActions(topic, detail.data, () => void detail.refetch())
  const { data } = detail
  return (
    <>
      <div>
        <Link to="/topics" className={`${buttonClass({ variant: 'quiet', small: true })} mb-1 -ml-2`}>
          <ArrowLeft size={14} aria-hidden /> Topics
        </Link>
        <PageHead
          title={topic}
          beside={<CopyButton text={topic} what="the name of the topic" />}
          sub={
            data === undefined
              ? ''
              : `${count(data.messages)} messages in ${counted(data.partitions, 'partition')}, ${bytes(data.bytes)}; ${data.sinkLag === null ? 'the lake does not follow it' : `the lake has ${count(data.sinkLag)} yet to write`}.`
          }
          actions={runs && actions.buttons}
        />
      </div>
      {runs === false && <StackStopped what="Kafka" />}
      <ProblemNotice problem={actions.error} alert />
      <LakeProblems topic={topic} />
      {runs && (
        <ProblemNotice
          problem={detail.error}
          actions={<Button onClick={() => void detail.refetch()}>Try again</Button>}
        />
      )}
      {runs && data === undefined && detail.error === null && <Skeleton className="h-64 rounded-xl" />}
      {runs && data !== undefined && (
        <Tabs label="Views of the topic" tabs={tabs} value={tab} onChange={setTab}>
          {tab === 'messages' && (
            <Messages topic={topic} partitions={data.partitions} expression={expression} />
          )}
          {tab === 'analysis' && <TopicAnalysis topic={topic} />}
          {tab === 'partitions' && <TopicPartitions rows={data.partitionList} />}
          {tab === 'configuration' && <TopicConfig topic={topic} />}
        </Tabs>
      )}
      {actions.dialogs}
    </>
  )
}
