/** A group's state as the broker says it. */
import { type DotState, StateDot } from '../../ui/StateDot.tsx'

const states: Readonly<Record<string, DotState>> = { Stable: 'good', Empty: 'off', Dead: 'bad', '': 'off' }

export function GroupState({ state }: { readonly state: string }) {
  return (
    <span className="flex items-center gap-2">
      <StateDot state={states[state] ?? 'working'} label="" />
      {state || 'not told'}
    </span>
  )
}
