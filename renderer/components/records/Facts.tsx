/** Names and values, side by side as far as there is room; each value is copied by its button. */
import { CopyButton } from '../CopyButton.tsx'

interface FactsProps {
  /** `copied`: what the value stands for, where it is only said in words. */
  readonly facts: readonly (readonly [name: string, value: string, copied?: string | undefined])[]
  readonly title?: string
}

export function Facts({ facts, title }: FactsProps) {
  return (
    <div>
      {title !== undefined && <h3 className="mb-1">{title}</h3>}
      <dl className="flex flex-wrap gap-x-6 gap-y-1.5 text-sm">
        {facts.map(([name, value, copied = value], nth) => (
          // A header may occur twice under one name.
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes order
          <div key={nth} className="min-w-0">
            <dt className="text-xs text-ink-2">{name}</dt>
            <dd className="flex items-start gap-0.5">
              <span className="num min-w-0 [overflow-wrap:anywhere]">{value}</span>
              <CopyButton text={copied} what={name} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
