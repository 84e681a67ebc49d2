/** Where the rows come from: built in, a MySQL database, or files. */
import { FileUp } from 'lucide-react'
import { useRef } from 'react'
import { client } from '../../api/client.ts'
import { useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { RememberField } from '../../components/RememberField.tsx'
import { Button } from '../../ui/Button.tsx'
import { CheckField, Segments, SelectField, TextField } from '../../ui/Field.tsx'
import type { FieldsProps } from './SettingsForm.tsx'

export function SourceFields({ state, change, errors }: FieldsProps) {
  return (
    <div className="grid gap-3">
      <Segments
        label="Source"
        value={state.source}
        options={[
          { value: 'builtin', label: 'Built-in data' },
          { value: 'mysql', label: 'MySQL' },
          { value: 'files', label: 'Files' },
        ]}
        onChange={(source) => change({ source })}
      />
      {state.source === 'builtin' && (
        <TextField
          label="Seed of the data"
          inputMode="numeric"
          value={state.sourceSeed}
          onChange={(sourceSeed) => change({ sourceSeed })}
          help="11,154 posts with the columns, placeholders and skew of the course’s tables."
          error={errors['source.seed']}
        />
      )}
      {state.source === 'mysql' && <MysqlFields state={state} change={change} errors={errors} />}
      {state.source === 'files' && <FileFields state={state} change={change} errors={errors} />}
    </div>
  )
}

function MysqlFields({ state, change, errors }: FieldsProps) {
  const file = useRef<HTMLInputElement>(null)
  const load = useAction(
    async (chosen: File) =>
      client.emulation.importCredentials({ text: await chosen.text(), remember: state.remember }),
    ({ host, port, user, database }) => change({ host, port: String(port), user, database, password: '' }),
  )
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Button small icon={FileUp} busy={load.isPending} onClick={() => file.current?.click()}>
          Import db_creds.yaml…
        </Button>
        <input
          ref={file}
          type="file"
          accept=".yaml,.yml,.env,.txt"
          className="hidden"
          aria-label="db_creds.yaml"
          onChange={(event) => {
            const chosen = event.target.files?.[0]
            if (chosen) load.mutate(chosen)
            event.target.value = ''
          }}
        />
        {load.data?.hasPassword && (
          <span className="text-sm text-ink-2">Its password is kept by the app, not by this page.</span>
        )}
      </div>
      <ProblemNotice problem={load.error} alert />
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label="Host"
          value={state.host}
          onChange={(host) => change({ host })}
          error={errors['source.host']}
        />
        <TextField
          label="Port"
          inputMode="numeric"
          value={state.port}
          onChange={(port) => change({ port })}
          error={errors['source.port']}
        />
        <TextField
          label="User"
          value={state.user}
          onChange={(user) => change({ user })}
          error={errors['source.user']}
        />
        <TextField
          label="Password"
          type="password"
          value={state.password}
          onChange={(password) => change({ password })}
          help="Goes to the app and never comes back; left empty, the one it has is used."
        />
        <TextField
          label="Database"
          value={state.database}
          onChange={(database) => change({ database })}
          error={errors['source.database']}
        />
      </div>
      <RememberField checked={state.remember} onChange={(remember) => change({ remember })} />
      <CheckField label="Require TLS" checked={state.tls} onChange={(tls) => change({ tls })} />
    </div>
  )
}

function FileFields({ state, change, errors }: FieldsProps) {
  return (
    <div className="grid gap-3">
      <SelectField
        label="Format"
        value={state.format}
        options={[
          { value: 'ndjson', label: 'NDJSON: one JSON object a line' },
          { value: 'csv', label: 'CSV with a header line' },
        ]}
        onChange={(format) => change({ format })}
      />
      <TextField
        label="File of the pins"
        value={state.pinFile}
        onChange={(pinFile) => change({ pinFile })}
        error={errors['source.paths.pin']}
      />
      <TextField
        label="File of the geolocations"
        value={state.geoFile}
        onChange={(geoFile) => change({ geoFile })}
        error={errors['source.paths.geo']}
      />
      <TextField
        label="File of the users"
        value={state.userFile}
        onChange={(userFile) => change({ userFile })}
        error={errors['source.paths.user']}
      />
    </div>
  )
}
