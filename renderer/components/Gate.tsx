/** What stands before the pages: the wait for the first connection, and the screen of a door that does not know us. */
import { KeyRound, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import { useConnection } from '../api/query.ts'
import { Empty } from '../ui/Card.tsx'

/** Draws the pages once there has been a connection; they stay while it is lost, unless the door refuses us. */
export function Gate({ children }: { readonly children: ReactNode }) {
  const { phase, generation } = useConnection()
  if (phase === 'refused') return <Screen>{refused}</Screen>
  if (generation > 0) return children
  return <Screen>{phase === 'lost' ? unreachable : <p role="status">Connecting …</p>}</Screen>
}

function Screen({ children }: { readonly children: ReactNode }) {
  return <main className="grid h-full place-items-center text-ink-2">{children}</main>
}

const refused = (
  <Empty icon={KeyRound} title="Open the printed address">
    This browser has no key to this app. Open the whole address that <code>npm start</code> or{' '}
    <code>pipeline serve</code> printed in its terminal; the part after # is the key. It changes with every
    start.
  </Empty>
)

const unreachable = (
  <Empty icon={Unplug} title="Nothing answers here">
    Pipeline Control is not running at this address. Start it again and open the address that it prints. This
    page keeps trying.
  </Empty>
)
