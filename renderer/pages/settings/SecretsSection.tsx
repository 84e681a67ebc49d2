/** Which store keeps passwords and keys, the vault under a passphrase, and what is stored. */
import { Lock, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { SecretsStatus } from '../../../shared/contract/secrets.ts'
import { client } from '../../api/client.ts'
import { keys, queryClient, useAction, useSecrets } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { useConsent } from '../../components/useConsent.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { PassphraseForm } from './PassphraseForm.tsx'

const keep = (status: SecretsStatus) => queryClient.setQueryData(keys.secrets, status)

export function SecretsSection() {
  const secrets = useSecrets()
  const { data } = secrets
  const [changing, setChanging] = useState(false)
  const [making, setMaking] = useState(false)
  const consent = useConsent()
  const create = useAction(client.secrets.createVault, (status) => {
    keep(status)
    setMaking(false)
  })
  const unlock = useAction(client.secrets.unlock, keep)
  const lock = useAction(() => client.secrets.lock(), keep)
  const change = useAction(client.secrets.changePassphrase, (status) => {
    keep(status)
    setChanging(false)
  })
  const remove = useAction(client.secrets.remove, keep)
  const forget = useAction(
    async () => {
      const token = await consent.ask({
        action: 'secrets.forgetAll',
        names: data?.items.map(({ name }) => name) ?? [],
      })
      return token === null ? null : client.secrets.forgetAll({ consent: token })
    },
    (status) => status !== null && keep(status),
  )
  return (
    <Card title="Secrets">
      <ProblemNotice problem={secrets.error} />
      {data !== undefined && (
        <div className="grid gap-3">
          <p className="text-ink-2">{data.words}</p>
          {data.vault === 'none' && data.tier === 'memory' && (
            <Button onClick={() => setMaking(true)}>Make a vault…</Button>
          )}
          {data.vault === 'locked' && (
            <PassphraseForm
              action="Unlock"
              busy={unlock.isPending}
              problem={unlock.error}
              onSubmit={({ passphrase }) => unlock.mutate({ passphrase })}
            />
          )}
          {data.vault === 'open' && (
            <div className="flex flex-wrap gap-2">
              <Button small icon={Lock} onClick={() => lock.mutate(undefined)}>
                Lock
              </Button>
              <Button small onClick={() => setChanging(true)}>
                Change passphrase…
              </Button>
            </div>
          )}
          {data.items.length > 0 && (
            <ul aria-label="Stored secrets" className="grid gap-1">
              {data.items.map(({ name, what, openable }) => (
                <li key={name} className="flex items-center gap-2 text-sm">
                  <span className="min-w-0 flex-1 break-words">
                    {what}
                    {!openable && <span className="text-ink-2"> (locked)</span>}
                  </span>
                  <Button
                    variant="quiet"
                    small
                    iconOnly
                    icon={Trash2}
                    aria-label={`Forget: ${what}`}
                    onClick={() => remove.mutate({ name })}
                  />
                </li>
              ))}
            </ul>
          )}
          {data.vault !== 'none' && (
            <Button small variant="danger" busy={forget.isPending} onClick={() => forget.mutate(undefined)}>
              Forget everything…
            </Button>
          )}
          <ProblemNotice problem={lock.error ?? remove.error ?? forget.error} alert />
        </div>
      )}
      <Dialog open={making} title="Make a vault" onClose={() => setMaking(false)}>
        <p>
          Passwords and keys you choose to remember are sealed under this passphrase. It is kept nowhere: if
          it is lost, they are entered again.
        </p>
        <PassphraseForm
          fresh
          action="Make the vault"
          busy={create.isPending}
          problem={create.error}
          onSubmit={({ next }) => create.mutate({ passphrase: next })}
        />
      </Dialog>
      <Dialog open={changing} title="Change the passphrase" onClose={() => setChanging(false)}>
        <PassphraseForm
          fresh
          old
          action="Change"
          busy={change.isPending}
          problem={change.error}
          onSubmit={(given) => change.mutate(given)}
        />
      </Dialog>
      {consent.dialog}
    </Card>
  )
}
