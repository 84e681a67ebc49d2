/** Opens a page of the workspace: the back end says its address, the page never does. */
import { ExternalLink } from 'lucide-react'
import { client } from '../api/client.ts'
import { usePipeline } from '../api/pipeline.ts'
import { useAction } from '../api/query.ts'
import { Button } from '../ui/Button.tsx'
import { ProblemNotice } from './ProblemNotice.tsx'

type Page = Parameters<typeof client.databricks.open>[0]['page']

export function WorkspaceLink({ page, words }: { readonly page: Page; readonly words: string }) {
  const pipeline = usePipeline().id
  const open = useAction(client.databricks.open, ({ opened, url }) => {
    if (!opened) window.open(url, '_blank', 'noopener,noreferrer')
  })
  return (
    <>
      <Button small icon={ExternalLink} busy={open.isPending} onClick={() => open.mutate({ pipeline, page })}>
        {words}
      </Button>
      <ProblemNotice problem={open.error} alert />
    </>
  )
}
