/** The password of the pipeline's user of Kafka: it goes into the app and is not shown again. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { kafkaPasswordSchema, wantsPassword } from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Field.tsx'
import { ProblemNotice } from '../ProblemNotice.tsx'
import { RememberField } from '../RememberField.tsx'
import { kafkaPasswordError } from './kafkaPasswordError.ts'

/** Whether one is held; undefined while it is not known, or where Kafka wants none. */
export function useKafkaPassword(): boolean | undefined {
  const { id, settings } = usePipeline()
  const { bootstrap, kafkaAccess, kafkaUser } = settings.endpoints
  const wanted = settings.kind === 'existing' && bootstrap !== '' && wantsPassword(kafkaAccess)
  const { data } = useQuery({
    queryKey: keys.kafkaPassword(id, bootstrap, kafkaUser),
    queryFn: ({ signal }) => client.pipelines.kafkaPassword({ pipeline: id }, { signal }),
    enabled: wanted,
  })
  return wanted ? data?.hasPassword : undefined
}

export function KafkaPassword() {
  const { id, settings } = usePipeline()
  const { bootstrap, kafkaUser } = settings.endpoints
  const held = useKafkaPassword()
  const [password, setPassword] = useState('')
  const [remember, setRemember] = useState(false)
  const [tried, setTried] = useState(false)
  const set = useAction(client.pipelines.setKafkaPassword, (answer) => {
    queryClient.setQueryData(keys.kafkaPassword(id, bootstrap, kafkaUser), answer)
    setPassword('')
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
        if (kafkaPasswordSchema.safeParse(password).success) set.mutate({ pipeline: id, password, remember })
      }}
    >
      <div className="flex flex-wrap items-start gap-2">
        <TextField
          className="min-w-56 flex-1"
          label="Password of the user of Kafka"
          type="password"
          value={password}
          onChange={setPassword}
          error={tried ? kafkaPasswordError(password) : undefined}
          help={`Of ${kafkaUser === '' ? 'the user above' : kafkaUser}.`}
        />
        <Button type="submit" className="mt-6" busy={set.isPending}>
          {held ? 'Replace' : 'Use this password'}
        </Button>
        {held && (
          <Button className="mt-6" onClick={() => set.mutate({ pipeline: id, password: null })}>
            Forget
          </Button>
        )}
      </div>
      <RememberField checked={remember} onChange={setRemember} />
      <p role="status" className="text-sm text-ink-2">
        {held ? 'There is a password.' : 'There is no password: Kafka would let nobody in.'}
      </p>
      <ProblemNotice problem={set.error} alert />
    </form>
  )
}
