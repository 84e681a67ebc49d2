/** The connection to AWS of the pipeline in use, as the header and the page AWS read it. */
import { useEffect } from 'react'
import type { AwsStatus } from '../../../shared/contract/aws.ts'
import { client } from '../../api/client.ts'
import { type Live, useLive } from '../../api/live.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient } from '../../api/query.ts'

export function useAws(): Live<AwsStatus> {
  const { id, settings } = usePipeline()
  const live = useLive(`aws ${id}`, (signal) => client.aws.watch({ pipeline: id }, { signal }))
  const chosen = live.value === undefined ? null : JSON.stringify(live.value.choice)
  const stored = JSON.stringify(settings.aws)
  // Another door may have chosen: the pipeline that the page holds must not be saved back with the old choice.
  useEffect(() => {
    if (chosen !== null && chosen !== stored) void queryClient.invalidateQueries({ queryKey: keys.pipelines })
  }, [chosen, stored])
  return live
}
