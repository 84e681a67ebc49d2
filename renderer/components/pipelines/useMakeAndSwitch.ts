/** Goes over to a pipeline that has just been made. */
import type { Pipeline } from '../../../shared/contract/settings.ts'
import { client } from '../../api/client.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'

/** Runs `make`, then shows the pipeline it made. A failure of either is the action's error. */
export function useMakeAndSwitch<I>(make: (input: I) => Promise<Pipeline>, done: () => void) {
  return useAction(async (input: I) => {
    const made = await make(input)
    const list = await client.pipelines.select({ pipeline: made.id })
    done()
    queryClient.setQueryData(keys.pipelines, list)
  })
}
