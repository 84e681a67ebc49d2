/** The filters that were saved: use one, save this one, forget one. */
import { useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Filter, SavedFilter } from '../../../shared/contract/search.ts'
import { client } from '../../api/client.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Field.tsx'
import { ProblemNotice } from '../ProblemNotice.tsx'

interface SavedFiltersProps {
  /** The one in the bar, to be saved. */
  readonly filter: Filter
  readonly onUse: (filter: Filter) => void
}

const keep = (saved: SavedFilter[]) => queryClient.setQueryData(keys.filters, saved)

export function SavedFilters({ filter, onUse }: SavedFiltersProps) {
  const [name, setName] = useState('')
  const saved = useQuery({
    queryKey: keys.filters,
    queryFn: ({ signal }) => client.search.saved(undefined, { signal }),
  })
  const save = useAction(client.search.save, (all) => {
    keep(all)
    setName('')
  })
  const forget = useAction(client.search.forget, keep)
  return (
    <section aria-label="Saved filters" className="grid gap-2 rounded-lg border border-line bg-panel p-3">
      {saved.data?.length === 0 && <p className="text-sm text-ink-2">None is saved yet.</p>}
      <ul className="grid gap-1">
        {saved.data?.map((each) => (
          <li key={each.name} className="flex items-center gap-2">
            <Button small variant="quiet" onClick={() => onUse(each.filter)}>
              {each.name}
            </Button>
            <code className="num min-w-0 flex-1 truncate text-xs text-ink-2">
              {each.filter.kind === 'none' ? '' : each.filter.text}
            </code>
            <Button
              small
              iconOnly
              variant="quiet"
              icon={Trash2}
              aria-label={`Forget the filter ${each.name}`}
              onClick={() => forget.mutate({ name: each.name })}
            />
          </li>
        ))}
      </ul>
      {filter.kind !== 'none' && (
        <div className="flex items-end gap-2">
          <TextField className="w-56" label="Save this one as" value={name} onChange={setName} />
          <Button
            busy={save.isPending}
            disabled={name.trim() === ''}
            onClick={() => save.mutate({ name: name.trim(), filter })}
          >
            Save
          </Button>
        </div>
      )}
      <ProblemNotice problem={saved.error ?? save.error ?? forget.error} alert />
    </section>
  )
}
