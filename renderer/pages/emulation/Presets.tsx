/** Settings under a name: take some, keep these, let some go. */
import { useQuery } from '@tanstack/react-query'
import { Bookmark, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { EmulationOptions } from '../../../shared/emulation.ts'
import { builtinPresets, type Preset } from '../../../shared/presets.ts'
import { client } from '../../api/client.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { optionsText } from '../../components/runTexts.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'

interface PresetsProps {
  /** What is in the form; null while something in it is wrong. */
  readonly options: EmulationOptions | null
  readonly onUse: (options: EmulationOptions) => void
}

const keep = (saved: Preset[]) => queryClient.setQueryData(keys.presets, saved)

export function Presets({ options, onUse }: PresetsProps) {
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const saved = useQuery({
    queryKey: keys.presets,
    queryFn: ({ signal }) => client.emulation.presets(undefined, { signal }),
    enabled: open,
  })
  const save = useAction(client.emulation.savePreset, (all) => {
    keep(all)
    setName('')
  })
  const forget = useAction(client.emulation.forgetPreset, keep)
  const use = (preset: Preset) => {
    onUse(preset.options)
    setOpen(false)
  }
  const row = (preset: Preset, own: boolean) => (
    <li key={preset.name} className="flex items-center gap-2">
      <Button small onClick={() => use(preset)}>
        {preset.name}
      </Button>
      <span className="min-w-0 flex-1 truncate text-xs text-ink-2">{optionsText(preset.options)}</span>
      {own && (
        <Button
          small
          iconOnly
          variant="quiet"
          icon={Trash2}
          aria-label={`Forget the preset ${preset.name}`}
          onClick={() => forget.mutate({ name: preset.name })}
        />
      )}
    </li>
  )
  return (
    <>
      <Button small icon={Bookmark} onClick={() => setOpen(true)}>
        Presets
      </Button>
      <Dialog open={open} wide title="Presets" onClose={() => setOpen(false)}>
        <ul aria-label="Presets of the app" className="grid gap-1.5">
          {builtinPresets.map((preset) => row(preset, false))}
        </ul>
        {saved.data !== undefined && saved.data.length > 0 && (
          <>
            <h3>Yours</h3>
            <ul aria-label="Your presets" className="grid gap-1.5">
              {saved.data.map((preset) => row(preset, true))}
            </ul>
          </>
        )}
        <div className="flex items-end gap-2 border-t border-line pt-3">
          <TextField
            className="w-64"
            label="Keep these settings as"
            value={name}
            onChange={setName}
            help={options === null ? 'Something in the settings is wrong.' : 'The password is not kept.'}
          />
          <Button
            className="mb-5"
            busy={save.isPending}
            disabled={name.trim() === '' || options === null}
            onClick={() => options !== null && save.mutate({ name: name.trim(), options })}
          >
            Keep
          </Button>
        </div>
        <ProblemNotice problem={saved.error ?? save.error ?? forget.error} alert />
      </Dialog>
    </>
  )
}
