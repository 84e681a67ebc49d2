/** Where reading begins, as it is chosen, and as the contract's own words. */
import type { BrowseFrom } from '../../../shared/contract/topics.ts'
import type { SearchWanted } from '../../components/records/useSearch.ts'
import { SelectField, TextField } from '../../ui/Field.tsx'

export type At = BrowseFrom['at']
const places: readonly { readonly value: At; readonly label: string }[] = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'offset', label: 'From an offset' },
  { value: 'time', label: 'From a time' },
]

/** What was chosen as the contract's own words; null while it is not complete. */
export function browseFrom(at: At, offset: string, time: string): BrowseFrom | null {
  if (at === 'offset') return /^\d+$/.test(offset) ? { at, offset } : null
  if (at === 'time') {
    const parsed = Date.parse(time)
    return Number.isNaN(parsed) ? null : { at, time: parsed }
  }
  return { at }
}

/** Where a search begins and in which direction, by what is chosen for reading. */
export function searchFrom(from: BrowseFrom): Pick<SearchWanted, 'order' | 'fromOffset' | 'fromTime'> {
  if (from.at === 'offset') return { order: 'oldest', fromOffset: from.offset }
  if (from.at === 'time') return { order: 'oldest', fromTime: from.time }
  return { order: from.at }
}

/** As it stands in the fields. */
export interface Place {
  readonly at: At
  readonly offset: string
  readonly time: string
  /** `all`, or its number. */
  readonly partition: string
}

interface PlaceFieldsProps {
  readonly place: Place
  readonly partitions: number
  readonly tailing: boolean
  readonly onChange: (place: Place) => void
}

export function PlaceFields({ place, partitions, tailing, onChange }: PlaceFieldsProps) {
  const set = (change: Partial<Place>) => onChange({ ...place, ...change })
  return (
    <>
      <SelectField
        className="w-40"
        label="Read"
        value={place.at}
        options={places}
        disabled={tailing}
        onChange={(at) => set({ at })}
      />
      {place.at === 'offset' && (
        <TextField
          label="Offset"
          className="w-32"
          inputMode="numeric"
          value={place.offset}
          onChange={(offset) => set({ offset })}
        />
      )}
      {place.at === 'time' && (
        <TextField
          label="Time"
          className="w-56"
          type="datetime-local"
          step={1}
          value={place.time}
          onChange={(time) => set({ time })}
        />
      )}
      <SelectField
        className="w-32"
        label="Partition"
        value={place.partition}
        options={['all', ...Array.from({ length: partitions }, (_, n) => String(n))].map((value) => ({
          value,
          label: value,
        }))}
        onChange={(partition) => set({ partition })}
      />
    </>
  )
}
