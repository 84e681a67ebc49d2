/** The runs of a pipeline's notebooks, and what begins and ends one: for the pages Notebooks and Answers. */
import { useQuery } from '@tanstack/react-query'
import type { NotebookRun, NotebookRunHead } from '../../../shared/contract/notebooks.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'

export const isOver = ({ state }: Pick<NotebookRun, 'state'>): boolean =>
  state !== 'preparing' && state !== 'running'

export function useNotebooks(begun?: (run: NotebookRunHead) => void) {
  const pipeline = usePipeline().id
  const list = useQuery({
    queryKey: keys.notebooks(pipeline),
    queryFn: ({ signal }) => client.notebooks.list({ pipeline }, { signal }),
    // Another door may have begun one.
    refetchInterval: 5_000,
  })
  const changed = () => {
    void queryClient.invalidateQueries({ queryKey: keys.notebooks(pipeline) })
    void queryClient.invalidateQueries({ queryKey: keys.answers(pipeline) })
  }
  const start = useAction(client.notebooks.start, (run) => {
    changed()
    begun?.(run)
  })
  const cancel = useAction(client.notebooks.cancel, changed)
  return { list, changed, start, cancel, working: list.data?.find((run) => !isOver(run)) ?? null }
}
