/** The token, or the service principal's secret: it goes into the app and is not shown again. */
import { useState } from 'react'
import { databricksSecretSchema } from '../../../shared/databricks.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { queryClient, keys as queryKeys, useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { RememberField } from '../../components/RememberField.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { TextField } from '../../ui/Field.tsx'

const words = {
  token: { title: 'Token', label: 'Personal access token', help: 'dapi… It is not shown again.' },
  oauth: { title: 'Secret', label: 'Client secret', help: 'dose… It is not shown again.' },
} as const

interface SecretFormProps {
  readonly auth: keyof typeof words
  readonly hasSecret: boolean
}

export function SecretForm({ auth, hasSecret }: SecretFormProps) {
  const pipeline = usePipeline().id
  const [typed, setTyped] = useState('')
  const [remember, setRemember] = useState(false)
  const [tried, setTried] = useState(false)
  const set = useAction(client.databricks.setSecret, () => {
    setTyped('')
    setTried(false)
    void queryClient.invalidateQueries({ queryKey: queryKeys.secrets })
  })
  const checked = databricksSecretSchema.safeParse(typed)
  const { title, label, help } = words[auth]
  return (
    <Card title={title}>
      <form
        noValidate
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (checked.success) set.mutate({ pipeline, value: checked.data, remember })
        }}
      >
        <p role="status" className="text-sm text-ink-2">
          {hasSecret ? 'There is one.' : 'There is none yet.'}
        </p>
        <TextField
          label={label}
          type="password"
          value={typed}
          onChange={setTyped}
          help={help}
          error={tried && !checked.success ? checked.error.issues[0]?.message : undefined}
        />
        <RememberField checked={remember} onChange={setRemember} />
        <ProblemNotice problem={set.error} alert />
        <div className="flex gap-2">
          <Button type="submit" variant="primary" busy={set.isPending}>
            {hasSecret ? 'Replace and test' : 'Use and test'}
          </Button>
          {hasSecret && <Button onClick={() => set.mutate({ pipeline, value: null })}>Forget</Button>}
        </div>
      </form>
    </Card>
  )
}
