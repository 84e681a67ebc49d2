/** Puts one record into a stream: partition key, data, and a hash key where it is to go to a certain shard. */
import { useId, useState } from 'react'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { toProblem } from '../../api/problem.ts'
import { useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { CheckField, TextField } from '../../ui/Field.tsx'

interface PutDialogProps {
  readonly stream: string
  readonly onClose: () => void
  readonly onPut: () => void
}

export function PutDialog({ stream, onClose, onPut }: PutDialogProps) {
  const pipeline = usePipeline().id
  const id = useId()
  const [partitionKey, setPartitionKey] = useState('')
  const [hashKey, setHashKey] = useState('')
  const [data, setData] = useState('')
  const [anyValue, setAnyValue] = useState(false)
  const put = useAction(client.streamOps.put, ({ results }) => {
    if (results[0]?.place) onPut()
  })
  const refused = put.error !== null && toProblem(put.error).code === 'VALUE_NOT_OF_TYPE'
  const result = put.data?.results[0]
  const hashFits = hashKey === '' || /^\d{1,39}$/.test(hashKey)
  return (
    <Dialog
      open
      wide
      title={`Put into ${stream}`}
      onClose={onClose}
      onSubmit={() => {
        if (partitionKey === '' || !hashFits) return
        const explicit = hashKey === '' ? {} : { explicitHashKey: hashKey }
        const record = { partitionKey, ...explicit, data: { encoding: 'utf8' as const, data } }
        put.mutate({ pipeline, stream, records: [record], anyValue })
      }}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            type="submit"
            variant="primary"
            disabled={partitionKey === '' || !hashFits}
            busy={put.isPending}
          >
            Put
          </Button>
        </>
      }
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Partition key"
          value={partitionKey}
          maxLength={256}
          onChange={setPartitionKey}
          help="Its MD5 chooses the shard."
        />
        <TextField
          label="Explicit hash key"
          inputMode="numeric"
          value={hashKey}
          onChange={setHashKey}
          help="Empty: the partition key decides."
          error={hashFits ? undefined : 'A whole number below 2^128.'}
        />
      </div>
      <div className="grid gap-1">
        <label htmlFor={id} className="text-sm font-medium">
          Data
        </label>
        <textarea
          id={id}
          className="input num min-h-40 py-2"
          spellCheck={false}
          value={data}
          onChange={(event) => setData(event.target.value)}
        />
      </div>
      <ProblemNotice problem={put.error ?? result?.problem ?? null} alert />
      {(refused || anyValue) && (
        <CheckField label="Put it all the same" checked={anyValue} onChange={setAnyValue} />
      )}
      <p role="status" className="text-sm text-ink-2 [overflow-wrap:anywhere]">
        {result?.place ? `Put into ${result.place.shard}, sequence number ${result.place.sequence}.` : ''}
      </p>
    </Dialog>
  )
}
