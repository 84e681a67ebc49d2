/** The API key of the pipeline's gateway: it goes into the app and is not shown again. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { gatewayKeySchema } from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Field.tsx'
import { ProblemNotice } from '../ProblemNotice.tsx'
import { RememberField } from '../RememberField.tsx'
import { gatewayKeyError } from './gatewayKeyError.ts'

/** Whether a key is held; undefined while it is not known, or where the gateway wants none. */
export function useGatewayKey(): boolean | undefined {
  const { id, settings } = usePipeline()
  const wanted = settings.kind === 'existing' && settings.endpoints.gatewayAccess === 'apiKey'
  const { data } = useQuery({
    queryKey: keys.gatewayKey(id, settings.endpoints.gateway),
    queryFn: ({ signal }) => client.pipelines.gatewayKey({ pipeline: id }, { signal }),
    enabled: wanted,
  })
  return wanted ? data?.hasKey : undefined
}

export function GatewayKey() {
  const { id, settings } = usePipeline()
  const held = useGatewayKey()
  const [key, setKey] = useState('')
  const [remember, setRemember] = useState(false)
  const [tried, setTried] = useState(false)
  const set = useAction(client.pipelines.setGatewayKey, (answer) => {
    queryClient.setQueryData(keys.gatewayKey(id, settings.endpoints.gateway), answer)
    setKey('')
    setTried(false)
  })
  if (held === undefined) return null
  return (
    <form
      noValidate
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (gatewayKeySchema.safeParse(key).success) set.mutate({ pipeline: id, key, remember })
      }}
    >
      <div className="flex flex-wrap items-start gap-2">
        <TextField
          className="min-w-56 flex-1"
          label="API key of the gateway"
          type="password"
          value={key}
          onChange={setKey}
          error={tried ? gatewayKeyError(key) : undefined}
          help="Sent as x-api-key."
        />
        <Button type="submit" className="mt-6" busy={set.isPending}>
          {held ? 'Replace' : 'Use this key'}
        </Button>
        {held && (
          <Button className="mt-6" onClick={() => set.mutate({ pipeline: id, key: null })}>
            Forget
          </Button>
        )}
      </div>
      <RememberField checked={remember} onChange={setRemember} />
      <p role="status" className="text-sm text-ink-2">
        {held ? 'There is a key.' : 'There is no key: the gateway would refuse every record.'}
      </p>
      <ProblemNotice problem={set.error} alert />
    </form>
  )
}
