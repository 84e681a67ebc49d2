/** Where the lake stopped at this topic: why, and the two ways to go on. */
import { useQuery } from '@tanstack/react-query'
import type { LakeChoice } from '../../../shared/contract/local.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { toProblem } from '../../api/problem.ts'
import { queryClient, useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'

export function LakeProblems({ topic }: { readonly topic: string }) {
  const { id: pipeline, settings } = usePipeline()
  const key = ['local.status', pipeline]
  const status = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => client.local.status({ pipeline }, { signal }),
    enabled: settings.kind === 'local',
    refetchInterval: 3_000,
  })
  const choose = useAction(client.local.lake, (next) => queryClient.setQueryData(key, next))
  const here = status.data?.lakeProblems.filter((problem) => problem.topic === topic) ?? []
  const refused = choose.error === null ? null : toProblem(choose.error)
  const wanted = choose.variables
  return (
    <>
      {here.map(({ partition, code, message, hint }) => {
        const go = (choice: LakeChoice) => choose.mutate({ pipeline, topic, partition, choice })
        return (
          <Notice
            key={partition}
            tone="bad"
            title={message}
            hint={hint}
            code={code}
            actions={
              <>
                {code === 'LAKE_OFFSET_LOST' && (
                  <Button onClick={() => go('continueFromEarliest')}>Continue from earliest</Button>
                )}
                <Button onClick={() => go('newGeneration')}>New generation</Button>
              </>
            }
          />
        )
      })}
      <ProblemNotice
        problem={refused}
        alert
        actions={
          refused?.code === 'LAKE_CHOICE_IMPOSSIBLE' &&
          wanted !== undefined && (
            <Button
              busy={choose.isPending}
              onClick={() => choose.mutate({ ...wanted, choice: 'newGeneration' })}
            >
              New generation instead
            </Button>
          )
        }
      />
    </>
  )
}
