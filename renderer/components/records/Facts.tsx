/** Names and values, one below the other. */

interface FactsProps {
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly title?: string
}

export function Facts({ facts, title }: FactsProps) {
  return (
    <div>
      {title !== undefined && <h3 className="mb-1">{title}</h3>}
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        {facts.map(([name, value], nth) => (
          // A header may occur twice under one name.
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes order
          <div key={nth} className="contents">
            <dt className="text-ink-2">{name}</dt>
            <dd className="num [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
