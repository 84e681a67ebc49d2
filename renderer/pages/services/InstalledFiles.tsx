/** The small files that Set up writes on the machine, as they are there now. */
import { useQuery } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'

export function InstalledFiles() {
  const { id } = usePipeline()
  // Read when asked for: it takes root on the machine.
  const files = useQuery({
    queryKey: ['services.files', id],
    queryFn: ({ signal }) => client.services.files({ pipeline: id }, { signal }),
    enabled: false,
    retry: false,
  })
  return (
    <Card
      title="Files as installed"
      actions={
        <Button small busy={files.isFetching} onClick={() => void files.refetch()}>
          {files.data === undefined ? 'Show the files' : 'Read again'}
        </Button>
      }
    >
      <ProblemNotice problem={files.error} alert />
      <p className="text-sm text-ink-2">
        As they are on the machine, to read only. What Set-up would change in them is shown by its Check all.
      </p>
      {files.data !== undefined && (
        <ul aria-label="Files as installed" className="mt-2 grid">
          {files.data.map(({ path, text }) => (
            <li key={path} className="border-t border-line py-1.5 first:border-t-0">
              {text === null ? (
                <p className="text-sm">
                  <span className="num">{path}</span> <span className="text-ink-2">is not there</span>
                </p>
              ) : (
                <details>
                  <summary className="num w-fit rounded text-sm">{path}</summary>
                  <CopyButton text={text} what={`the text of ${path}`} words="Copy" />
                  <pre
                    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
                    tabIndex={0}
                    className="mt-1 max-h-80 overflow-auto rounded-lg bg-sunken px-3 py-2 text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]"
                  >
                    {text}
                  </pre>
                </details>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
