/** The first records exactly as they would go out; nothing is sent. */
import type { EmulationOptions } from '../../../shared/emulation.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Badge } from '../../ui/StateDot.tsx'

interface PreviewProps {
  /** Null while the settings have errors. */
  readonly options: EmulationOptions | null
  readonly password: string
}

export function Preview({ options, password }: PreviewProps) {
  const pipeline = usePipeline().id
  const preview = useAction(client.emulation.preview)
  const shown = preview.data
  return (
    <>
      <Button
        busy={preview.isPending}
        disabled={options === null}
        onClick={() =>
          options && preview.mutate({ pipeline, options, ...(password === '' ? {} : { password }) })
        }
      >
        Preview
      </Button>
      <Dialog
        open={shown !== undefined || preview.error !== null}
        wide
        title="The first records, as they would go out"
        onClose={preview.reset}
        footer={<Button onClick={preview.reset}>Close</Button>}
      >
        <ProblemNotice problem={preview.error} />
        {shown?.warnings.map((warning) => (
          <Notice key={warning} tone="warn" title={warning} />
        ))}
        <ol className="grid gap-3">
          {shown?.records.map((record, nth) => (
            // The list never changes order, and two records may be alike.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <li key={nth} className="rounded-lg border border-line bg-sunken p-3">
              <p className="num mb-1 flex flex-wrap items-center gap-2 text-sm [overflow-wrap:anywhere]">
                <Badge tone="accent">{record.kind}</Badge>
                {record.target}
              </p>
              <pre className="num text-xs whitespace-pre-wrap text-ink-2 [overflow-wrap:anywhere]">
                {record.headers.map(({ name, value }) => `${name}: ${value}\n`).join('')}
                {record.body}
              </pre>
            </li>
          ))}
        </ol>
      </Dialog>
    </>
  )
}
