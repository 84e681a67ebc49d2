/** One of a few in a form, each with a word and with what it means. */
import { SelectField } from '../../ui/Field.tsx'
import type { Form } from './useForm.ts'

interface FormChoiceProps<T extends string> {
  readonly form: Form
  readonly name: string
  readonly label: string
  /** In their order. */
  readonly choices: readonly T[]
  readonly texts: Readonly<Record<T, { readonly label: string; readonly help: string }>>
  readonly value: T
  readonly className?: string
}

export function FormChoice<T extends string>({
  form,
  name,
  choices,
  texts,
  value,
  ...rest
}: FormChoiceProps<T>) {
  return (
    <SelectField
      {...rest}
      value={value}
      options={choices.map((choice) => ({ value: choice, label: texts[choice].label }))}
      onChange={(choice) => form.set(name, choice)}
      help={texts[value].help}
      error={form.error(name)}
    />
  )
}
