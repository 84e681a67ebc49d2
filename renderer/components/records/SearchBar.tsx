/** What to look for: a text or an expression, and the filters that were saved. */
import { Bookmark, Search, Square, X } from 'lucide-react'
import { useState } from 'react'
import type { Filter } from '../../../shared/contract/search.ts'
import { toProblem } from '../../api/problem.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField, Segments, TextField } from '../../ui/Field.tsx'
import { SavedFilters } from './SavedFilters.tsx'

interface SearchBarProps {
  readonly running: boolean
  /** True while results are shown. */
  readonly shown: boolean
  /** What stands in the field at first. */
  readonly expression?: string | undefined
  /** Why the last search was refused; one about the filter is shown at its field. */
  readonly problem: unknown
  readonly onSearch: (filter: Filter) => void
  readonly onStop: () => void
  readonly onClear: () => void
}

export function SearchBar({
  running,
  shown,
  expression,
  problem,
  onSearch,
  onStop,
  onClear,
}: SearchBarProps) {
  const [text, setText] = useState(expression ?? '')
  const [kind, setKind] = useState<'text' | 'expression'>(expression === undefined ? 'text' : 'expression')
  const [caseSensitive, setCaseSensitive] = useState(false)
  const [saving, setSaving] = useState(false)
  const filter: Filter =
    text.trim() === '' ? { kind: 'none' } : kind === 'text' ? { kind, text, caseSensitive } : { kind, text }
  const refusal = problem === null ? null : toProblem(problem)
  return (
    <search aria-label="Search the messages">
      <form
        className="grid gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          onSearch(filter)
        }}
      >
        <div className="flex flex-wrap items-start gap-3">
          <TextField
            className="min-w-64 flex-1"
            label="Find"
            value={text}
            onChange={setText}
            placeholder={kind === 'text' ? 'a text in value, key or headers' : 'value.country == "Albania"'}
            error={refusal?.field === 'filter' ? `${refusal.message} ${refusal.hint}` : undefined}
          />
          <Segments
            label="By"
            value={kind}
            options={[
              { value: 'text', label: 'Text' },
              { value: 'expression', label: 'Expression' },
            ]}
            onChange={setKind}
          />
          <div className="mt-[25px] flex flex-wrap gap-2">
            {running ? (
              <Button icon={Square} onClick={onStop}>
                Stop
              </Button>
            ) : (
              <Button type="submit" icon={Search} variant="primary">
                Search
              </Button>
            )}
            {shown && (
              <Button icon={X} onClick={onClear}>
                Clear
              </Button>
            )}
            <Button
              iconOnly
              icon={Bookmark}
              aria-label="Saved filters"
              aria-expanded={saving}
              onClick={() => setSaving(!saving)}
            />
          </div>
        </div>
        {kind === 'text' && text !== '' && (
          <CheckField
            label="Upper and lower case matter"
            checked={caseSensitive}
            onChange={setCaseSensitive}
          />
        )}
        {saving && (
          <SavedFilters
            filter={filter}
            onUse={(saved) => {
              if (saved.kind === 'none') return
              setKind(saved.kind)
              setText(saved.text)
              setCaseSensitive(saved.kind === 'text' && saved.caseSensitive)
              onSearch(saved)
            }}
          />
        )}
      </form>
    </search>
  )
}
