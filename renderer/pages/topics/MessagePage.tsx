/** One message at its own address: what a link to an offset opens; its neighbours are one step away. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { ArrowLeft, ChevronLeft, ChevronRight } from 'lucide-react'
import { wholeMessage } from '../../api/message.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { StackStopped, useStackRuns } from '../../components/StackStopped.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { PageHead } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { MessagePanel } from './MessagePanel.tsx'

const route = '/topics/$topic/$partition/$offset'

export function MessagePage() {
  const { topic, partition: partitionText, offset } = useParams({ from: route })
  const pipeline = usePipeline().id
  const runs = useStackRuns()
  const navigate = useNavigate()
  const partition = Number(partitionText)
  const sound = /^\d{1,9}$/.test(partitionText) && /^\d{1,19}$/.test(offset)
  const message = useQuery({
    queryKey: ['message', pipeline, topic, partition, offset],
    queryFn: ({ signal }) => wholeMessage({ pipeline, topic, partition, offset }, { signal }),
    enabled: runs === true && sound,
    retry: false,
  })
  const step = (by: bigint) =>
    void navigate({
      to: route,
      params: { topic, partition: partitionText, offset: String(BigInt(offset) + by) },
    })
  return (
    <>
      <div>
        <Link
          to="/topics/$topic"
          params={{ topic }}
          className={`${buttonClass({ variant: 'quiet', small: true })} mb-1 -ml-2`}
        >
          <ArrowLeft size={14} aria-hidden /> {topic}
        </Link>
        <PageHead
          title={`Offset ${offset}`}
          sub={`Partition ${partitionText} of ${topic}.`}
          actions={
            sound && (
              <>
                <Button icon={ChevronLeft} disabled={BigInt(offset) === 0n} onClick={() => step(-1n)}>
                  Offset before
                </Button>
                <Button icon={ChevronRight} onClick={() => step(1n)}>
                  Offset after
                </Button>
              </>
            )
          }
        />
      </div>
      {runs === false && <StackStopped what="Kafka" />}
      {!sound && (
        <Notice
          tone="bad"
          title="This address names no message"
          hint="A partition and an offset are whole numbers: /topics/<topic>/<partition>/<offset>."
        />
      )}
      <ProblemNotice
        problem={message.error}
        actions={<Button onClick={() => void message.refetch()}>Try again</Button>}
      />
      {runs && sound && message.data === undefined && message.error === null && (
        <Skeleton className="h-64 rounded-xl" />
      )}
      {message.data !== undefined && (
        <MessagePanel
          topic={topic}
          message={message.data}
          onClose={() => void navigate({ to: '/topics/$topic', params: { topic } })}
        />
      )}
    </>
  )
}
