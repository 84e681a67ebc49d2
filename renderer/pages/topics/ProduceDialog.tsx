/** Sends one message: key, value, headers, partition; what the topic's type does not allow is said before it is sent. */
import { Plus, X } from 'lucide-react'
import { useId, useState } from 'react'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { toProblem } from '../../api/problem.ts'
import { useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { CheckField, SelectField, TextField } from '../../ui/Field.tsx'

interface ProduceDialogProps {
  readonly open: boolean
  readonly topic: string
  readonly partitions: number
  readonly onClose: () => void
  readonly onSent: () => void
}

interface Header {
  readonly name: string
  readonly value: string
}

const text = (data: string) => ({ encoding: 'utf8' as const, data })

export function ProduceDialog({ open, topic, partitions, onClose, onSent }: ProduceDialogProps) {
  const pipeline = usePipeline().id
  const id = useId()
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const [tombstone, setTombstone] = useState(false)
  const [partition, setPartition] = useState('auto')
  const [headers, setHeaders] = useState<readonly Header[]>([])
  const [anyValue, setAnyValue] = useState(false)
  const send = useAction(client.transfer.produce, ({ results }) => {
    if (results[0]?.problem === null) onSent()
  })
  const refused = send.error !== null && toProblem(send.error).code === 'VALUE_NOT_OF_TYPE'
  const result = send.data?.results[0]
  const change = (at: number, next: Partial<Header>) =>
    setHeaders(headers.map((header, nth) => (nth === at ? { ...header, ...next } : header)))
  return (
    <Dialog
      open={open}
      wide
      title={`Produce to ${topic}`}
      onClose={onClose}
      onSubmit={() =>
        send.mutate({
          pipeline,
          topic,
          anyValue,
          messages: [
            {
              key: key === '' ? null : text(key),
              value: tombstone ? null : text(value),
              headers: headers
                .filter(({ name }) => name !== '')
                .map((header) => ({ name: header.name, value: text(header.value) })),
              ...(partition === 'auto' ? {} : { partition: Number(partition) }),
            },
          ],
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" variant="primary" busy={send.isPending}>
            Produce
          </Button>
        </>
      }
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField label="Key" value={key} onChange={setKey} help="Empty is no key." />
        <SelectField
          label="Partition"
          value={partition}
          options={['auto', ...Array.from({ length: partitions }, (_, n) => String(n))].map((each) => ({
            value: each,
            label: each === 'auto' ? 'by key, or in turn' : each,
          }))}
          onChange={setPartition}
        />
      </div>
      <div className="grid gap-1">
        <label htmlFor={id} className="text-sm font-medium">
          Value
        </label>
        <textarea
          id={id}
          className="input num min-h-40 py-2"
          spellCheck={false}
          value={value}
          disabled={tombstone}
          onChange={(event) => setValue(event.target.value)}
        />
      </div>
      <CheckField label="No value: a tombstone" checked={tombstone} onChange={setTombstone} />
      {headers.map((header, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two headers may have the same name
        <div key={at} className="flex items-end gap-2">
          <TextField
            className="flex-1"
            label="Header"
            value={header.name}
            onChange={(name) => change(at, { name })}
          />
          <TextField
            className="flex-1"
            label="Its value"
            value={header.value}
            onChange={(next) => change(at, { value: next })}
          />
          <Button
            iconOnly
            variant="quiet"
            icon={X}
            aria-label={`Remove header ${at + 1}`}
            onClick={() => setHeaders(headers.filter((_, nth) => nth !== at))}
          />
        </div>
      ))}
      <div>
        <Button small icon={Plus} onClick={() => setHeaders([...headers, { name: '', value: '' }])}>
          Add a header
        </Button>
      </div>
      <ProblemNotice problem={send.error ?? result?.problem ?? null} alert />
      {(refused || anyValue) && (
        <CheckField label="Send it all the same" checked={anyValue} onChange={setAnyValue} />
      )}
      <p role="status" className="text-sm text-ink-2">
        {result?.place
          ? `Written to partition ${result.place.partition}, offset ${result.place.offset}.`
          : ''}
      </p>
    </Dialog>
  )
}
