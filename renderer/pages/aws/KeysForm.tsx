/** Keys typed in: they go into the app and are not shown again. */
import { useState } from 'react'
import { awsKeysSchema } from '../../../shared/aws.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { queryClient, keys as queryKeys, useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { RememberField } from '../../components/RememberField.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { TextField } from '../../ui/Field.tsx'

const empty = { accessKeyId: '', secretAccessKey: '', sessionToken: '' }

export function KeysForm({ hasKeys }: { readonly hasKeys: boolean }) {
  const pipeline = usePipeline().id
  const [typed, setTyped] = useState(empty)
  const [remember, setRemember] = useState(false)
  const [tried, setTried] = useState(false)
  const set = useAction(client.aws.setKeys, () => {
    setTyped(empty)
    setTried(false)
    void queryClient.invalidateQueries({ queryKey: queryKeys.secrets })
  })
  const { sessionToken, ...needed } = typed
  const checked = awsKeysSchema.safeParse(sessionToken.trim() === '' ? needed : typed)
  const error = (field: string) =>
    tried && !checked.success
      ? checked.error.issues.find(({ path }) => path[0] === field)?.message
      : undefined
  const field = (name: keyof typeof empty, label: string, help: string, type: 'text' | 'password') => (
    <TextField
      label={label}
      type={type}
      value={typed[name]}
      onChange={(value) => setTyped({ ...typed, [name]: value })}
      help={help}
      error={error(name)}
    />
  )
  return (
    <Card title="Keys">
      <form
        noValidate
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (checked.success) set.mutate({ pipeline, keys: checked.data, remember })
        }}
      >
        <p role="status" className="text-sm text-ink-2">
          {hasKeys ? 'There are keys.' : 'There are no keys yet.'} A profile is better: its keys stay where
          they are.
        </p>
        {field('accessKeyId', 'Access key id', 'AKIA… or ASIA…', 'text')}
        {field('secretAccessKey', 'Secret access key', 'Not shown again.', 'password')}
        {field('sessionToken', 'Session token', 'Only of temporary keys (ASIA…).', 'password')}
        <RememberField checked={remember} onChange={setRemember} />
        <ProblemNotice problem={set.error} alert />
        <div className="flex gap-2">
          <Button type="submit" variant="primary" busy={set.isPending}>
            {hasKeys ? 'Replace and test' : 'Use and test'}
          </Button>
          {hasKeys && <Button onClick={() => set.mutate({ pipeline, keys: null })}>Forget</Button>}
        </div>
      </form>
    </Card>
  )
}
