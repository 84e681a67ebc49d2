/** A body as a JSON tree, as text, or as bytes; to be copied or saved. */
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
import { Download } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Bytes } from '../../../shared/contract/base.ts'
import { Button } from '../../ui/Button.tsx'
import { Segments } from '../../ui/Field.tsx'
import { CopyButton } from '../CopyButton.tsx'
import { counted, bytes as size } from '../format.ts'
import { saveFile } from '../saveFile.ts'
import { firstBytes, hexLines, rawBytes } from './decode.ts'
import { JsonTree } from './JsonTree.tsx'
import { useTree } from './useTree.ts'

type View = 'tree' | 'text' | 'hex'
const titles: Record<View, string> = { tree: 'Tree', text: 'Text', hex: 'Hex' }

/** More than this is not drawn: a browser stops for seconds, and nobody reads it. Saving gives all of it. */
const mostCharacters = 100_000
const mostHexLines = 2_000

interface BytesViewProps {
  readonly name: string
  readonly value: Bytes
  /** Without an extension. */
  readonly fileName: string
}

export function BytesView({ name, value, fileName }: BytesViewProps) {
  const tree = useTree(value)
  const possible: View[] =
    tree !== undefined ? ['tree', 'text', 'hex'] : value.encoding === 'utf8' ? ['text', 'hex'] : ['hex']
  const [wanted, setWanted] = useState<View>('tree')
  const view = possible.includes(wanted) ? wanted : (possible[0] ?? 'hex')
  const extension = tree !== undefined ? 'json' : value.encoding === 'utf8' ? 'txt' : 'bin'
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <Segments
          label={`View of the ${name}`}
          hideLabel
          value={view}
          options={possible.map((option) => ({ value: option, label: titles[option] }))}
          onChange={setWanted}
        />
        <span className="num text-xs text-ink-2">{size(value.size)}</span>
        <span className="flex-1" />
        <CopyButton text={value.data} what={`the ${name}`} words="Copy" />
        <Button
          small
          variant="quiet"
          icon={Download}
          aria-label={`Save the ${name}`}
          onClick={() => saveFile({ fileName: `${fileName}.${extension}`, content: rawBytes(value) })}
        >
          Save
        </Button>
      </div>
      <section
        className="num max-h-[max(240px,calc(100vh-500px))] overflow-auto rounded-lg border border-line bg-sunken p-3 text-sm"
        tabIndex={0}
        aria-label={`The ${name}`}
      >
        {view === 'tree' && tree !== undefined && tree !== null && <JsonTree tree={tree} />}
        {view === 'tree' && tree === null && <p className="text-ink-2">Reading the JSON …</p>}
        {view === 'text' && <Text value={value} />}
        {view === 'hex' && <Hex value={value} />}
      </section>
    </div>
  )
}

function Text({ value: { data } }: { readonly value: Bytes }) {
  const left = data.length - mostCharacters
  return (
    <pre className="whitespace-pre-wrap [overflow-wrap:anywhere]">
      {data.slice(0, mostCharacters)}
      {left > 0 && <Rest>{`${counted(left, 'more character')}: save it to see them`}</Rest>}
    </pre>
  )
}

function Hex({ value }: { readonly value: Bytes }) {
  const { lines, left } = useMemo(() => {
    const most = mostHexLines * 16
    const whole = value.truncated ? rawBytes(value).length : value.size
    return { lines: hexLines(firstBytes(value, most), mostHexLines), left: whole - most }
  }, [value])
  return (
    <pre>
      {lines.map((line) => `${line.offset}  ${line.hex.padEnd(47)}  ${line.text}`).join('\n')}
      {left > 0 && <Rest>{`${counted(left, 'more byte')}: save it to see them`}</Rest>}
    </pre>
  )
}

function Rest({ children }: { readonly children: string }) {
  return <span className="block pt-2 text-ink-2">… and {children}</span>
}
