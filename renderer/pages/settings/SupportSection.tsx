/** A support bundle: made here, read here, and saved only then. */
import { LifeBuoy } from 'lucide-react'
import { useState } from 'react'
import { bundleText } from '../../../shared/support.ts'
import { client } from '../../api/client.ts'
import { useAction } from '../../api/query.ts'
import { bytes } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { saveFile } from '../../components/saveFile.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { CheckField } from '../../ui/Field.tsx'

export function SupportSection() {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [open, setOpen] = useState(false)
  const make = useAction(
    () => client.app.support(),
    () => setOpen(true),
  )
  const files = make.data ?? []
  const kept = files.filter(({ name }) => !left.has(name))
  const toggle = (name: string, on: boolean) => {
    const next = new Set(left)
    if (on) next.delete(name)
    else next.add(name)
    setLeft(next)
  }
  return (
    <Card title="Support">
      <p className="mb-2 text-sm text-ink-2">
        Versions, settings, states and logs for somebody who helps you, without secrets and names.
      </p>
      <Button icon={LifeBuoy} busy={make.isPending} onClick={() => make.mutate(undefined)}>
        Make a support bundle
      </Button>
      <ProblemNotice problem={make.error} alert />
      <Dialog
        open={open}
        wide
        title="Support bundle"
        onClose={() => setOpen(false)}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button
              variant="primary"
              disabled={kept.length === 0}
              onClick={() => {
                saveFile({ fileName: 'pipeline-control-support.txt', content: bundleText(kept) })
                setOpen(false)
              }}
            >
              Save {bytes(bundleText(kept).length)}
            </Button>
          </>
        }
      >
        <p className="text-sm text-ink-2">
          Nothing is sent. Read what it holds, and leave out what you like.
        </p>
        {files.map(({ name, text }) => (
          <div key={name} className="grid gap-1">
            <CheckField
              label={`${name}, ${bytes(text.length)}`}
              checked={!left.has(name)}
              onChange={(on) => toggle(name, on)}
            />
            <details className="ml-6">
              <summary className="w-fit cursor-pointer rounded text-sm">Read {name}</summary>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
              <pre tabIndex={0} className="num mt-1 max-h-64 overflow-auto rounded-md bg-sunken p-2 text-xs">
                {text || 'Empty.'}
              </pre>
            </details>
          </div>
        ))}
      </Dialog>
    </Card>
  )
}
