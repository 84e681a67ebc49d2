/** Names and values, side by side as far as there is room. */

interface FactsProps {
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly title?: string
}

export function Facts({ facts, title }: FactsProps) {
  return (
    <div>
      {title !== undefined && <h3 className="mb-1">{title}</h3>}
      <dl className="flex flex-wrap gap-x-6 gap-y-1.5 text-sm">
        {facts.map(([name, value], nth) => (
          // A header may occur twice under one name.
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes order
          <div key={nth} className="min-w-0">
            <dt className="text-xs text-ink-2">{name}</dt>
            <dd className="num [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
