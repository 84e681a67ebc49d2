/** The fields of one machine: where it is, who we are there, what signs in. */
import { AreaField, Segments, TextField } from '../../ui/Field.tsx'
import { type Errors, type HopDraft, withHop } from './hopDraft.ts'

interface HopFieldsProps {
  readonly hop: HopDraft
  readonly onChange: (next: HopDraft) => void
  readonly errors: Errors
  /** `` or `jump.`: where its errors stand. */
  readonly prefix: string
  readonly held: { readonly key: boolean; readonly passphrase: boolean; readonly password: boolean }
  readonly agent: boolean
}

const ways = [
  { value: 'file', label: 'Key file' },
  { value: 'stored', label: 'Key typed in' },
  { value: 'agent', label: 'Agent' },
  { value: 'password', label: 'Password' },
] as const

export function HopFields({ hop, onChange, errors, prefix, held, agent }: HopFieldsProps) {
  const set = (change: Partial<HopDraft>) => onChange(withHop(hop, change))
  const kept = (is: boolean) => (is ? 'There is one; leave it empty to keep it.' : undefined)
  return (
    <div className="grid gap-4">
      <div className="grid grid-cols-[minmax(0,1fr)_90px_180px] gap-3">
        <TextField
          label="Address"
          value={hop.host}
          onChange={(host) => set({ host })}
          error={errors[`${prefix}host`]}
          placeholder="ec2-3-92-1-2.compute-1.amazonaws.com"
        />
        <TextField
          label="Port"
          inputMode="numeric"
          value={hop.port}
          onChange={(port) => set({ port })}
          error={errors[`${prefix}port`]}
        />
        <TextField
          label="User"
          value={hop.user}
          onChange={(user) => set({ user })}
          error={errors[`${prefix}user`]}
          help="Ubuntu: ubuntu, Debian: admin"
        />
      </div>
      <Segments label="Sign in with" value={hop.kind} options={ways} onChange={(kind) => set({ kind })} />
      {hop.kind === 'agent' && (
        <p className="text-sm text-ink-2">
          {agent
            ? 'The keys of the SSH agent of this computer are offered.'
            : 'No SSH agent runs here that this app can see.'}
        </p>
      )}
      {hop.kind === 'file' && (
        <TextField
          label="File of the private key"
          value={hop.path}
          onChange={(path) => set({ path })}
          error={errors[`${prefix}key.path`]}
          help="On the computer this app runs on: ~/.ssh/my-key.pem. It stays where it is."
        />
      )}
      {hop.kind === 'stored' && (
        <AreaField
          label="Private key"
          value={hop.key}
          onChange={(key) => set({ key })}
          help={kept(held.key) ?? 'Its whole text, from -----BEGIN to the end of -----END …-----.'}
        />
      )}
      {(hop.kind === 'file' || hop.kind === 'stored') && (
        <TextField
          label="Passphrase of the key"
          type="password"
          value={hop.passphrase}
          onChange={(passphrase) => set({ passphrase })}
          help={kept(held.passphrase) ?? 'Empty where it has none.'}
        />
      )}
      {hop.kind === 'password' && (
        <TextField
          label="Password"
          type="password"
          value={hop.password}
          onChange={(password) => set({ password })}
          help={kept(held.password)}
        />
      )}
    </div>
  )
}
