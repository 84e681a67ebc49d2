/** Whether this is the very first time: nothing runs, nothing was ever emulated, and the welcome was not left yet. */
import { useQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { useOverview, usePipeline } from '../api/pipeline.ts'
import { keys } from '../api/query.ts'

/** The welcome is shown once for each opening of the page. */
let left = false

export function leaveWelcome(): void {
  left = true
}

/** False until it is known. */
export function useFirstRun(): boolean {
  const { id, settings } = usePipeline()
  const overview = useOverview(id).value
  const ask = !left && settings.kind === 'local' && overview?.running === false
  const runs = useQuery({
    queryKey: keys.runs(id),
    queryFn: ({ signal }) => client.emulation.list({ pipeline: id }, { signal }),
    enabled: ask,
  })
  return ask && runs.data?.length === 0
}
