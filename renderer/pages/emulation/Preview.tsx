/** The first records exactly as they would go out; nothing is sent. */
import { ChevronRight } from 'lucide-react'
import type { EmulationOptions, PreviewRecord } from '../../../shared/emulation.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { bytes, counted } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { sinkNames } from '../../components/runTexts.ts'
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
        {shown !== undefined && (
          <p className="text-ink-2">
            {counted(shown.records.length, 'request')}; nothing was sent. Open one to see all of it.
          </p>
        )}
        <ol aria-label="Records" className="divide-y divide-line rounded-lg border border-line">
          {shown?.records.map((record, nth) => (
            // The list never changes order, and two records may be alike.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <Item key={nth} record={record} number={nth + 1} />
          ))}
        </ol>
      </Dialog>
    </>
  )
}

/** Of the whole request only as much as fits a line, until it is opened. */
function Item({ record, number }: { readonly record: PreviewRecord; readonly number: number }) {
  const head = record.headers.map(({ name, value }) => `${name}: ${value}\n`).join('')
  const size = bytes(new TextEncoder().encode(record.body).length)
  return (
    <li>
      <details className="group">
        <summary className="grid cursor-pointer list-none grid-cols-[16px_52px_minmax(0,1fr)_auto] items-center gap-2 px-3 py-2">
          <ChevronRight size={14} aria-hidden className="text-ink-2 group-open:rotate-90" />
          <Badge tone="accent">{record.kind}</Badge>
          <span className="min-w-0">
            <span className="num block truncate text-sm">{record.target}</span>
            <span className="num block truncate text-xs text-ink-2 group-open:hidden">{record.body}</span>
          </span>
          <span className="num text-xs text-ink-2">{size}</span>
        </summary>
        <div className="relative border-t border-line bg-sunken px-3 py-2">
          <div className="absolute top-1.5 right-1.5">
            <CopyButton text={`${head}\n${record.body}`} what={`request ${number}`} />
          </div>
          <p className="mb-1 text-xs text-ink-2">{sinkNames[record.sink]}</p>
          <pre className="num pr-8 text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
            {head !== '' && <span className="text-ink-2">{head}</span>}
            {head !== '' && '\n'}
            {record.body}
          </pre>
        </div>
      </details>
    </li>
  )
}
