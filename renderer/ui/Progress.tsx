/** How far something is; a moving bar where the end is not known. */

interface ProgressProps {
  /** 0 to 1; null where the end is not known. */
  readonly fraction: number | null
  readonly label: string
}

export function Progress({ fraction, label }: ProgressProps) {
  const percent = fraction === null ? null : Math.round(fraction * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? {} : { 'aria-valuenow': percent })}
      className={`bar ${percent === null ? 'bar-unknown' : ''}`}
    >
      <i {...(percent === null ? {} : { style: { width: `${percent}%` } })} />
    </div>
  )
}

/** What stands where content will come, of the same height, so that nothing jumps. */
export function Skeleton({ className = '' }: { readonly className?: string }) {
  return <div aria-hidden className={`rounded-md bg-line opacity-60 ${className}`} />
}
