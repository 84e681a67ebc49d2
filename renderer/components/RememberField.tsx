/** Whether a password or key is kept for later; greyed with the reason where nothing could keep it. */
import { useSecrets } from '../api/query.ts'
import { CheckField } from '../ui/Field.tsx'

interface RememberFieldProps {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

export function RememberField({ checked, onChange }: RememberFieldProps) {
  const status = useSecrets().data
  const possible = status !== undefined && status.tier !== 'memory'
  return (
    <CheckField
      label="Remember it"
      checked={checked && possible}
      disabled={!possible}
      onChange={onChange}
      help={
        possible
          ? status.words
          : 'Kept until the app ends. To keep it longer, make or unlock a vault in Settings.'
      }
    />
  )
}
