/** What the machine itself has left: memory, load, disk, and what ours takes of it. */
import type { ReactNode } from 'react'
import type { MachineUse as Use } from '../../../shared/contract/services.ts'
import { bytes, counted, duration, unknown } from '../../components/format.ts'
import { Card } from '../../ui/Card.tsx'

/** Below so much of the whole the word says it. */
const little = 0.1

export function MachineUse({ machine }: { readonly machine: Use }) {
  const { memory, load, cpus, disks, folders, upMs } = machine
  return (
    <Card title="The machine">
      <dl className="grid grid-cols-[repeat(auto-fit,minmax(170px,1fr))] gap-x-5 gap-y-3">
        <Part name="Memory" free={memory.available} total={memory.total} word="available" />
        {disks.map(({ path, free, total }) => (
          <Part key={path} name={`Disk ${path}`} free={free} total={total} word="free" />
        ))}
        <Fact name="Load">
          <span className="num">{load.map((each) => each.toFixed(2)).join('  ') || unknown}</span>
          <span className="block text-xs text-ink-2">
            over 1, 5 and 15 minutes, on {counted(cpus, 'CPU')}; up for {duration(upMs)}
          </span>
        </Fact>
        {folders.map(({ path, what, bytes: size }) => (
          <Fact key={path} name={what}>
            <span className="num">{bytes(size)}</span>
            <span className="num block text-xs text-ink-2 [overflow-wrap:anywhere]">{path}</span>
          </Fact>
        ))}
      </dl>
    </Card>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-2">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

interface PartProps {
  readonly name: string
  readonly free: number
  readonly total: number
  readonly word: string
}

function Part({ name, free, total, word }: PartProps) {
  const used = total === 0 ? 0 : Math.min(1, Math.max(0, 1 - free / total))
  return (
    <Fact name={name}>
      <span className="num mr-0.5">{bytes(free)}</span> {word}{' '}
      <span className="text-ink-2">of {bytes(total)}</span>
      {total > 0 && free / total < little && <span className="font-medium text-warn"> · nearly full</span>}
      <span className="bar mt-1.5 block" aria-hidden>
        <i style={{ width: `${Math.round(used * 100)}%` }} />
      </span>
    </Fact>
  )
}
