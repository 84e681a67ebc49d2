/** A JSON value as lines that fold. */
import { ChevronDown, ChevronRight } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { counted } from '../format.ts'
import type { TreeLine } from './decode.ts'
import type { Tree } from './useTree.ts'

/** Lines that are drawn at first, and with each further step. */
const step = 500
/** Deeper lines are not moved further to the right, levels. */
const mostIndent = 24

/** Data is no status: two inks and the accent tell the kinds apart. */
const inks: Readonly<Record<TreeLine['kind'], string>> = {
  object: 'text-ink-3',
  array: 'text-ink-3',
  string: 'text-ink',
  number: 'text-accent',
  boolean: 'text-accent',
  null: 'text-accent',
}

export function JsonTree({ tree }: { readonly tree: Tree }) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [most, setMost] = useState(step)
  const [lines, setLines] = useState<readonly TreeLine[]>([])
  useEffect(() => tree.lines(folded, most + 1, setLines), [tree, folded, most])
  const toggle = (path: string) =>
    setFolded((now) => {
      const next = new Set(now)
      if (!next.delete(path)) next.add(path)
      return next
    })
  return (
    <ul className="grid gap-px">
      {lines.slice(0, most).map((line) => (
        <Line key={line.path} line={line} folded={folded.has(line.path)} onToggle={() => toggle(line.path)} />
      ))}
      {lines.length > most && (
        <li className="pt-2">
          <Button small onClick={() => setMost(most + step)}>
            Show {counted(step, 'more line')}
          </Button>
        </li>
      )}
    </ul>
  )
}

interface LineProps {
  readonly line: TreeLine
  readonly folded: boolean
  readonly onToggle: () => void
}

function Line({ line: { name, text, kind, folds, depth }, folded, onToggle }: LineProps) {
  const Icon = folded ? ChevronRight : ChevronDown
  return (
    <li className="flex items-baseline gap-1.5" style={{ paddingLeft: Math.min(depth, mostIndent) * 16 }}>
      {folds ? (
        <button
          type="button"
          className="w-3.5 flex-none self-center text-ink-2"
          aria-expanded={!folded}
          aria-label={name ?? 'the whole'}
          onClick={onToggle}
        >
          <Icon size={14} aria-hidden />
        </button>
      ) : (
        <span className="w-3.5 flex-none" />
      )}
      {name !== null && <span className="flex-none text-ink-2">{name}:</span>}
      <span className={`[overflow-wrap:anywhere] ${inks[kind]}`}>{text}</span>
    </li>
  )
}
