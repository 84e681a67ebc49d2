/** A list and what was chosen in it: side by side where there is room, else one below the other, the chosen one in view. */
import { type ReactNode, useEffect, useRef } from 'react'

interface WithPanelProps {
  readonly list: ReactNode
  /** Null shows the list alone. */
  readonly panel: ReactNode | null
  /** Changes with what is chosen. */
  readonly chosen: string | null
}

export function WithPanel({ list, panel, chosen }: WithPanelProps) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (chosen !== null) place.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <div
      className={`grid grid-cols-[minmax(0,1fr)] items-start gap-4 ${panel === null ? '' : 'xl:grid-cols-[minmax(0,1fr)_minmax(400px,46%)]'}`}
    >
      <div className="grid min-w-0 gap-2">{list}</div>
      {panel !== null && (
        <div ref={place} className="min-w-0 scroll-my-4">
          {panel}
        </div>
      )}
    </div>
  )
}

/** Heights of the list: alone, and above or beside what is chosen. */
export const listHeight = {
  alone: 'h-[max(260px,calc(100vh-390px))]',
  beside: 'h-[max(170px,24vh)] xl:h-[max(260px,calc(100vh-390px))]',
}
