/** Form fields: label, control, help and error belong together for the eye and for a screen reader. */
import { type ComponentProps, type ReactNode, useId } from 'react'

interface FieldText {
  readonly label: string
  readonly help?: ReactNode
  readonly error?: string | undefined
}

interface FrameProps extends FieldText {
  readonly className?: string
  readonly children: (control: {
    readonly id: string
    readonly 'aria-describedby': string | undefined
    readonly 'aria-invalid': true | undefined
  }) => ReactNode
}

function Frame({ label, help, error, className = '', children }: FrameProps) {
  const id = useId()
  const described = error !== undefined || help !== undefined ? `${id}-text` : undefined
  return (
    <div className={`grid content-start gap-1 ${className}`}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': described,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {described !== undefined && (
        <p
          id={described}
          className={`text-xs ${error === undefined ? 'text-ink-2' : 'font-medium text-bad'}`}
        >
          {error ?? help}
        </p>
      )}
    </div>
  )
}

interface TextFieldProps extends FieldText, Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly value: string
  readonly onChange: (value: string) => void
}

export function TextField({ label, help, error, className, value, onChange, ...rest }: TextFieldProps) {
  return (
    <Frame label={label} help={help} error={error} {...(className === undefined ? {} : { className })}>
      {(control) => (
        <input
          spellCheck={false}
          autoComplete="off"
          {...rest}
          {...control}
          className={`input ${rest.inputMode === 'numeric' || rest.inputMode === 'decimal' ? 'input-num' : ''}`}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Frame>
  )
}

interface AreaFieldProps extends FieldText {
  readonly value: string
  readonly onChange: (value: string) => void
}

/** Several lines of text. */
export function AreaField({ value, onChange, ...text }: AreaFieldProps) {
  return (
    <Frame {...text}>
      {(control) => (
        <textarea
          {...control}
          rows={5}
          spellCheck={false}
          autoComplete="off"
          className="input num h-auto py-1.5"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Frame>
  )
}

interface SelectFieldProps<T extends string> extends FieldText {
  readonly value: T
  readonly options: readonly { readonly value: T; readonly label: string; readonly disabled?: boolean }[]
  readonly onChange: (value: T) => void
  readonly disabled?: boolean
  readonly className?: string
}

export function SelectField<T extends string>({
  value,
  options,
  onChange,
  disabled,
  ...text
}: SelectFieldProps<T>) {
  return (
    <Frame {...text}>
      {(control) => (
        <select
          {...control}
          className="input"
          disabled={disabled}
          value={value}
          onChange={(event) => {
            const chosen = options.find((option) => option.value === event.target.value)
            if (chosen) onChange(chosen.value)
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Frame>
  )
}

interface CheckFieldProps extends Omit<FieldText, 'error'> {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly disabled?: boolean
}

export function CheckField({ label, help, checked, onChange, disabled }: CheckFieldProps) {
  const id = useId()
  return (
    <div className="flex items-start gap-2.5">
      <input
        id={id}
        type="checkbox"
        className="check mt-0.5"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        {...(help === undefined ? {} : { 'aria-describedby': `${id}-text` })}
      />
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {help !== undefined && (
          <p id={`${id}-text`} className="text-xs text-ink-2">
            {help}
          </p>
        )}
      </div>
    </div>
  )
}

interface SegmentsProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly label: string }[]
  readonly onChange: (value: T) => void
  /** The label is read out and not drawn. */
  readonly hideLabel?: boolean
}

/** One of a few, all in view: radio buttons drawn as one control. */
export function Segments<T extends string>({ label, value, options, onChange, hideLabel }: SegmentsProps<T>) {
  const name = useId()
  return (
    <fieldset className="grid min-w-0 content-start justify-items-start gap-1">
      <legend className={hideLabel ? 'sr-only' : 'mb-1 text-sm font-medium'}>{label}</legend>
      <div className="segments">
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
