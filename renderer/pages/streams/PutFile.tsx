/** Puts a file of values into a stream; the partition key comes out of each value. */
import { useState } from 'react'
import type { Problem } from '../../../shared/contract/base.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keyFrom } from '../../components/records/keyFrom.ts'
import { SendFile } from '../../components/records/SendFile.tsx'
import type { FileValue } from '../../components/records/valuesFile.ts'
import { CheckField, TextField } from '../../ui/Field.tsx'

export function PutFile({ stream, onClose }: { readonly stream: string; readonly onClose: () => void }) {
  const pipeline = usePipeline().id
  const [field, setField] = useState('index')
  const [anyValue, setAnyValue] = useState(false)
  const send = async (values: readonly FileValue[], signal: AbortSignal): Promise<(Problem | null)[]> => {
    const records = values.map(({ text, at }) => ({
      // Spread over the shards where a value has no key of its own.
      partitionKey: (keyFrom(text, field) ?? String(at)).slice(0, 256) || String(at),
      data: { encoding: 'utf8' as const, data: text },
    }))
    const { results } = await client.streamOps.put({ pipeline, stream, records, anyValue }, { signal })
    return results.map(({ problem }) => problem)
  }
  return (
    <SendFile
      title={`Put a file into ${stream}`}
      to={stream}
      send={send}
      onClose={onClose}
      fields={
        <>
          <TextField
            label="Partition key from the field"
            value={field}
            onChange={setField}
            help="Where a value has no such field, its line number is the key."
          />
          <CheckField
            label="Put values that do not fit the stream’s type all the same"
            checked={anyValue}
            onChange={setAnyValue}
          />
        </>
      }
    />
  )
}
