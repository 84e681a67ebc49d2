/** A body as a JSON tree, as text, or as bytes; with copy. */
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
import { ChevronDown, ChevronRight, Copy } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Bytes } from '../../../shared/contract/base.ts'
import { Button } from '../../ui/Button.tsx'
import { Segments } from '../../ui/Field.tsx'
import { bytes as size } from '../format.ts'
import { hexLines, parseJson, rawBytes, treeLines } from './decode.ts'

type View = 'tree' | 'text' | 'hex'

/** More lines than this are cut: a browser draws no million lines, and nobody reads them. */
const mostLines = 5_000

export function BytesView({ name, value }: { readonly name: string; readonly value: Bytes }) {
  const json = useMemo(
    () => (value.encoding === 'utf8' && !value.truncated ? parseJson(value.data) : undefined),
    [value],
  )
  const possible: View[] =
    json !== undefined ? ['tree', 'text', 'hex'] : value.encoding === 'utf8' ? ['text', 'hex'] : ['hex']
  const [wanted, setWanted] = useState<View>('tree')
  const view = possible.includes(wanted) ? wanted : (possible[0] ?? 'hex')
  const titles: Record<View, string> = { tree: 'Tree', text: 'Text', hex: 'Hex' }
  return (
    <div className="grid gap-2">
      <div className="flex items-center gap-2">
        <Segments
          label={`View of the ${name}`}
          hideLabel
          value={view}
          options={possible.map((option) => ({ value: option, label: titles[option] }))}
          onChange={setWanted}
        />
        <span className="num text-xs text-ink-2">{size(value.size)}</span>
        <Button
          small
          variant="quiet"
          icon={Copy}
          className="ml-auto"
          onClick={() => void navigator.clipboard.writeText(value.data)}
        >
          Copy
        </Button>
      </div>
      <section
        className="num max-h-[52vh] overflow-auto rounded-lg border border-line bg-sunken p-3 text-sm"
        tabIndex={0}
        aria-label={`The ${name}`}
      >
        {view === 'tree' && json !== undefined && <Tree value={json.value} />}
        {view === 'text' && <pre className="whitespace-pre-wrap [overflow-wrap:anywhere]">{value.data}</pre>}
        {view === 'hex' && <Hex value={value} />}
      </section>
    </div>
  )
}

function Tree({ value }: { readonly value: unknown }) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const lines = treeLines(value, folded)
  const toggle = (path: string) =>
    setFolded((now) => {
      const next = new Set(now)
      if (!next.delete(path)) next.add(path)
      return next
    })
  return (
    <ul className="grid gap-px">
      {lines.slice(0, mostLines).map((line) => (
        <li key={line.path} className="flex items-baseline gap-1.5" style={{ paddingLeft: line.depth * 16 }}>
          {line.folds ? (
            <button
              type="button"
              className="w-3.5 flex-none self-center text-ink-2"
              aria-expanded={!folded.has(line.path)}
              aria-label={`${line.name ?? 'the whole'}`}
              onClick={() => toggle(line.path)}
            >
              {folded.has(line.path) ? (
                <ChevronRight size={14} aria-hidden />
              ) : (
                <ChevronDown size={14} aria-hidden />
              )}
            </button>
          ) : (
            <span className="w-3.5 flex-none" />
          )}
          {line.name !== null && <span className="flex-none text-ink-2">{line.name}:</span>}
          <span
            className={`[overflow-wrap:anywhere] ${
              line.kind === 'string'
                ? 'text-ok'
                : line.kind === 'object' || line.kind === 'array'
                  ? 'text-ink-2'
                  : 'text-accent'
            }`}
          >
            {line.text}
          </span>
        </li>
      ))}
      {lines.length > mostLines && (
        <li className="text-ink-2">… and {lines.length - mostLines} more lines; see Text.</li>
      )}
    </ul>
  )
}

function Hex({ value }: { readonly value: Bytes }) {
  const lines = useMemo(() => hexLines(rawBytes(value)), [value])
  return (
    <pre>
      {lines
        .slice(0, mostLines)
        .map((line) => `${line.offset}  ${line.hex.padEnd(47)}  ${line.text}`)
        .join('\n')}
      {lines.length > mostLines && `\n… and ${lines.length - mostLines} more lines`}
    </pre>
  )
}
