/** Deletes the pipeline in use with its data, after a typed name. */
import type { ConsentRequest } from '../../../shared/contract/app.ts'
import { AppError } from '../../../shared/errors.ts'
import { client } from '../../api/client.ts'
import { useOverview, usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction, usePipelines } from '../../api/query.ts'

/** What the back end would refuse after the typing is refused before it. */
export function useRemove(ask: (request: ConsentRequest) => Promise<string | null>) {
  const { id, settings } = usePipeline()
  const last = usePipelines().data?.items.length === 1
  const running = useOverview(id).value?.running === true
  return useAction(async () => {
    if (last) {
      throw new AppError({
        code: 'PIPELINE_LAST',
        message: 'The last pipeline cannot be removed.',
        hint: 'Create another one first.',
      })
    }
    if (running && settings.kind === 'local') {
      throw new AppError({
        code: 'PIPELINE_BUSY',
        message: `This pipeline is running: ${settings.name}`,
        hint: 'Stop it first.',
      })
    }
    const token = await ask({ action: 'pipelines.remove', pipeline: id })
    if (token === null) return
    const list = await client.pipelines.remove({ pipeline: id, consent: token })
    queryClient.setQueryData(keys.pipelines, list)
  })
}
