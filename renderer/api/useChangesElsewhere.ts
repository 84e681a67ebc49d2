/** Pipelines as another door changes them: a page shows their settings of now, and stays at its own pipeline. */
import { useEffect } from 'react'
import type { PipelineList } from '../../shared/contract/settings.ts'
import { client } from './client.ts'
import { useLive } from './live.ts'
import { keys, queryClient } from './query.ts'

export function useChangesElsewhere(): void {
  const { value } = useLive('pipelines', (signal) => client.pipelines.watch(undefined, { signal }))
  useEffect(() => {
    if (value === undefined) return
    queryClient.setQueryData<PipelineList>(keys.pipelines, (shown) => ({
      ...value,
      active: value.items.find(({ id }) => id === shown?.active)?.id ?? value.active,
    }))
  }, [value])
}
