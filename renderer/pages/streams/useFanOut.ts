/** Enhanced fan-out of a stream: whether there is any here, its consumers, and registering our own. */
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { FanOut } from '../../../shared/contract/consumers.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'

/** AWS allows five such looks a second and stream, for everybody. */
const lookEveryMs = 5_000

export function useConsumers(stream: string): UseQueryResult<FanOut> {
  const pipeline = usePipeline().id
  return useQuery({
    queryKey: ['consumers', pipeline, stream],
    queryFn: ({ signal }) => client.consumers.list({ pipeline, stream }, { signal }),
    refetchInterval: lookEveryMs,
  })
}

/** `consumers` is looked at again when it is done. */
export function useRegister(stream: string, consumers: UseQueryResult<FanOut>, done: () => void = () => {}) {
  const pipeline = usePipeline().id
  return useAction(
    (acceptCost: boolean) => client.consumers.register({ pipeline, stream, acceptCost }),
    async () => {
      await consumers.refetch()
      done()
    },
  )
}
