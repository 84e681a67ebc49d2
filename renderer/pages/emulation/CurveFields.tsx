/** A pace that changes: chosen as a shape, written as words, or drawn by hand; the picture shows what the words mean. */
import { useState } from 'react'
import { type Curve, curveText, parseCurve, peakOf } from '../../../shared/rateCurve.ts'
import { toProblem } from '../../api/problem.ts'
import { count, duration } from '../../components/format.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Field.tsx'
import { CurveDrawing } from './CurveDrawing.tsx'

const shapes = [
  { label: 'Ramp', text: 'ramp:10..200/60s' },
  { label: 'Bursts', text: 'burst:10+200/5s@30s' },
  { label: 'A day', text: 'daily:200/10m' },
  { label: 'Up and down', text: 'curve:0s=0,60s=200,2m=0' },
] as const

function read(text: string): { curve: Curve | null; error: string | undefined } {
  try {
    return { curve: parseCurve(text), error: undefined }
  } catch (thrown) {
    const { message, hint } = toProblem(thrown)
    return { curve: null, error: `${message}. ${hint}` }
  }
}

interface CurveFieldsProps {
  readonly value: string
  readonly onChange: (text: string) => void
}

export function CurveFields({ value, onChange }: CurveFieldsProps) {
  const { curve, error } = read(value)
  // While the words are wrong, the picture of the last right ones stays.
  const [last, setLast] = useState<Curve | null>(curve)
  if (curve !== null && last !== curve && (last === null || curveText(last) !== curveText(curve)))
    setLast(curve)
  const shown = curve ?? last
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap gap-2">
        {shapes.map(({ label, text }) => (
          <Button key={label} small onClick={() => onChange(text)}>
            {label}
          </Button>
        ))}
      </div>
      <TextField
        label="How it changes"
        value={value}
        onChange={onChange}
        error={error}
        help="Posts a second over time; draw below, or write it. Each post is three records."
      />
      {shown !== null && (
        <>
          <CurveDrawing curve={shown} onDrawn={(drawn) => onChange(curveText(drawn))} />
          <p className="text-xs text-ink-2">
            At most {count(peakOf(shown))} posts a second, {duration(shown.points.at(-1)?.at ?? 0)} long
            {shown.repeat
              ? ', then again from its beginning.'
              : shown.points.at(-1)?.postsPerSecond === 0
                ? ', then the run ends.'
                : ', then it stays as it is.'}
          </p>
        </>
      )}
    </div>
  )
}
