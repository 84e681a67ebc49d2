/** A text field of a form, by its name. */
import type { ComponentProps } from 'react'
import { TextField } from '../../ui/Field.tsx'
import type { Form } from './useForm.ts'

interface FormFieldProps
  extends Omit<ComponentProps<typeof TextField>, 'value' | 'onChange' | 'error' | 'form'> {
  readonly form: Form
  readonly name: string
  readonly number?: boolean
}

export function FormField({ form, name, number = false, ...rest }: FormFieldProps) {
  return (
    <TextField
      {...rest}
      {...(number ? { inputMode: 'decimal' as const } : {})}
      value={form.draft[name] ?? ''}
      onChange={(text) => form.set(name, text)}
      error={form.error(name)}
    />
  )
}
