/** Answers: the eight questions of the brief as tables and charts, of one run or of two side by side. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ChartColumn } from 'lucide-react'
import { useEffect, useState } from 'react'
import { compareAnswers, isSame } from '../../../shared/compareAnswers.ts'
import type { AnswerSet } from '../../../shared/contract/answers.ts'
import { answerIds, answerKeys } from '../../../shared/notebooks.ts'
import { client } from '../../api/client.ts'
import { useLive } from '../../api/live.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys } from '../../api/query.ts'
import { RunProgress } from '../../components/notebooks/RunProgress.tsx'
import { useNotebooks } from '../../components/notebooks/useNotebooks.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Empty, PageHead } from '../../ui/Card.tsx'
import { CheckField } from '../../ui/Field.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { AnswerCard, saveAnswer } from './AnswerCard.tsx'
import { ComparedCard } from './ComparedCard.tsx'
import { LastFailure } from './LastFailure.tsx'
import { SetPicker } from './SetPicker.tsx'

export function AnswersPage() {
  const { id: pipeline, settings } = usePipeline()
  const navigate = useNavigate()
  const search = useSearch({ from: '/answers' })
  const [onlyDifferent, setOnlyDifferent] = useState(false)
  const {
    list: runs,
    changed,
    start,
    cancel,
    working,
  } = useNotebooks(() => void navigate({ to: '/answers' }))
  const live = useLive(working === null ? null : `notebook ${pipeline} ${working.runId}`, (signal) =>
    client.notebooks.watch({ pipeline, runId: working?.runId ?? '' }, { signal }),
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of state that matters
  useEffect(changed, [live.value?.state])
  const sets = useQuery({
    queryKey: keys.answers(pipeline),
    queryFn: ({ signal }) => client.answers.list({ pipeline }, { signal }),
    refetchOnMount: 'always',
  })
  const shownId = search.set ?? sets.data?.[0]?.id ?? ''
  const shown = useAnswerSet(shownId)
  const other = useAnswerSet(search.with ?? '')
  const set = shown.data
  const second = search.with === undefined ? undefined : other.data
  const local = settings.kind === 'local'
  const run = live.value
  const none = sets.data?.length === 0
  const begin = () => start.mutate({ pipeline, notebook: 'batch' })
  const saveAll = () => {
    if (set === undefined) return
    for (const id of answerIds) saveAnswer(id, set.id, set.answers.answers[id])
  }
  return (
    <>
      <PageHead
        title="Answers"
        live
        sub={working === null ? (set && second && differing(set, second)) || about : 'A notebook is at work.'}
        actions={
          set !== undefined && (
            <>
              {local && (
                <Button disabled={working !== null || start.isPending} onClick={begin}>
                  Answer anew
                </Button>
              )}
              <Button onClick={saveAll}>Save all as CSV</Button>
            </>
          )
        }
      />
      <ProblemNotice problem={start.error ?? cancel.error} alert />
      <ProblemNotice problem={sets.error ?? runs.error ?? shown.error ?? other.error} />
      {working !== null && run?.runId === working.runId && (
        <RunProgress
          run={run}
          cancelling={cancel.isPending}
          onCancel={() => cancel.mutate({ pipeline, runId: run.runId })}
        />
      )}
      <LastFailure runs={runs.data ?? []} since={sets.data?.[0]?.at ?? 0} />
      {none && working === null && (
        <Empty
          icon={ChartColumn}
          title="No answers yet"
          action={
            local && (
              <Button variant="primary" disabled={start.isPending} onClick={begin}>
                Answer the questions
              </Button>
            )
          }
        >
          {local
            ? 'A notebook cleans what is in the lake and answers the eight questions of the brief on Spark, on this computer. The first time, Spark is fetched: 840 MB.'
            : 'This pipeline has no lake on this computer: its answers come from runs in Databricks.'}
        </Empty>
      )}
      {sets.data !== undefined && sets.data.length > 0 && (
        <SetPicker
          sets={sets.data}
          shown={shownId}
          other={search.with ?? ''}
          onChoose={(next) => void navigate({ to: '/answers', search: next, replace: true })}
        />
      )}
      {shownId !== '' && set === undefined && shown.error === null && (
        <Skeleton className="h-64 rounded-xl" />
      )}
      {set !== undefined && search.with === undefined && (
        <div className="grid grid-cols-2 items-start gap-4 max-[1100px]:grid-cols-1">
          {answerIds.map((id) => (
            <AnswerCard key={id} id={id} set={set.id} answer={set.answers.answers[id]} />
          ))}
        </div>
      )}
      {set !== undefined && second !== undefined && (
        <>
          <CheckField label="Only what differs" checked={onlyDifferent} onChange={setOnlyDifferent} />
          {answerIds.map((id) => (
            <ComparedCard
              key={id}
              id={id}
              a={set.answers.answers[id]}
              b={second.answers.answers[id]}
              onlyDifferent={onlyDifferent}
            />
          ))}
        </>
      )}
    </>
  )
}

const about = 'What the eight questions of the brief came to.'

/** "3 of the nine answers differ." */
function differing(a: AnswerSet, b: AnswerSet): string {
  const different = answerIds.filter(
    (id) => !isSame(compareAnswers(a.answers.answers[id], b.answers.answers[id], answerKeys[id])),
  )
  if (different.length === 0) return 'All nine answers are the same.'
  return `${different.length} of the nine answers ${different.length === 1 ? 'differs' : 'differ'}.`
}

/** Not asked for where `id` is empty. What a run came to does not change any more. */
function useAnswerSet(id: string) {
  const pipeline = usePipeline().id
  return useQuery({
    queryKey: [...keys.answers(pipeline), id],
    queryFn: ({ signal }) => client.answers.get({ pipeline, id }, { signal }),
    enabled: id !== '',
    staleTime: Number.POSITIVE_INFINITY,
  })
}
