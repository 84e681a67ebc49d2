/** Says that the connection is gone and is being opened again; what is on the page is then old. */
import { useConnection } from '../api/query.ts'

export function ConnectionBanner() {
  const { phase, generation } = useConnection()
  const lost = generation > 0 && phase !== 'open'
  return (
    <div role="status" className="sticky top-0 z-10">
      {lost && (
        <p className="border-b border-warn/40 bg-warn-soft px-5 py-1.5 text-sm font-medium">
          Connection lost, reconnecting … Numbers on this page are from before.
        </p>
      )}
    </div>
  )
}
