/** Sends a file of values to a topic; where a value has a field to take the key from, with that key. */
import { useState } from 'react'
import type { Problem } from '../../../shared/contract/base.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keyFrom } from '../../components/records/keyFrom.ts'
import { SendFile } from '../../components/records/SendFile.tsx'
import type { FileValue } from '../../components/records/valuesFile.ts'
import { CheckField, TextField } from '../../ui/Field.tsx'

const text = (data: string) => ({ encoding: 'utf8' as const, data })

export function ProduceFile({ topic, onClose }: { readonly topic: string; readonly onClose: () => void }) {
  const pipeline = usePipeline().id
  const [field, setField] = useState('')
  const [anyValue, setAnyValue] = useState(false)
  const send = async (values: readonly FileValue[], signal: AbortSignal): Promise<(Problem | null)[]> => {
    const messages = values.map((value) => {
      const key = keyFrom(value.text, field)
      return { key: key === null ? null : text(key), value: text(value.text), headers: [] }
    })
    const { results } = await client.transfer.produce({ pipeline, topic, messages, anyValue }, { signal })
    return results.map(({ problem }) => problem)
  }
  return (
    <SendFile
      title={`Send a file to ${topic}`}
      to={topic}
      send={send}
      onClose={onClose}
      fields={
        <>
          <TextField
            label="Key from the field"
            value={field}
            onChange={setField}
            help="For example index. Empty, or where a value has no such field: no key."
          />
          <CheckField
            label="Send values that do not fit the topic’s type all the same"
            checked={anyValue}
            onChange={setAnyValue}
          />
        </>
      }
    />
  )
}
