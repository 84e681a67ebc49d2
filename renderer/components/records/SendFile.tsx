/** Sends a file of values in parts: how far it is, what failed by line, and a stop at any time. */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { Problem } from '../../../shared/contract/base.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { bytes, counted } from '../format.ts'
import { ProblemNotice } from '../ProblemNotice.tsx'
import { type FileValue, valuesIn } from './valuesFile.ts'

/** Values of one call; what the contract takes at most. */
const perCall = 500
/** Failures that are listed; all are counted. */
const listed = 20

interface SendFileProps {
  readonly title: string
  /** What the values go to: "learner.pin". */
  readonly to: string
  /** Fields that belong to each value. */
  readonly fields?: ReactNode
  /** Why it cannot be sent as the fields stand. */
  readonly invalid?: boolean
  /** Answers a problem or null for each value, in order. Throws where nothing of them was sent. */
  readonly send: (values: readonly FileValue[], signal: AbortSignal) => Promise<readonly (Problem | null)[]>
  readonly onClose: () => void
}

interface State {
  readonly phase: 'idle' | 'sending' | 'stopped' | 'done'
  readonly sent: number
  readonly failed: number
  /** Bytes of the file that are behind us, about. */
  readonly passed: number
  readonly failures: readonly { readonly at: number; readonly problem: Problem }[]
}

const emptyFile: Problem = {
  code: 'FILE_UNREADABLE',
  message: 'The file has no values.',
  hint: 'Choose another file.',
}

const idle: State = { phase: 'idle', sent: 0, failed: 0, passed: 0, failures: [] }

export function SendFile({ title, to, fields, invalid = false, send, onClose }: SendFileProps) {
  const id = useId()
  const [file, setFile] = useState<File | null>(null)
  const [preview, setPreview] = useState<readonly FileValue[]>([])
  const [failure, setFailure] = useState<unknown>(null)
  const [state, setState] = useState<State>(idle)
  const ending = useRef<AbortController | null>(null)
  useEffect(() => () => ending.current?.abort(), [])

  const choose = async (chosen: File | null) => {
    setFile(chosen)
    setState(idle)
    setFailure(null)
    setPreview([])
    if (chosen === null) return
    try {
      const first: FileValue[] = []
      for await (const value of valuesIn(chosen)) if (first.push(value) === 3) break
      setPreview(first)
      if (first.length === 0) setFailure(emptyFile)
    } catch (thrown) {
      setFailure(thrown)
    }
  }

  const run = async (values: AsyncGenerator<FileValue>, signal: AbortSignal) => {
    const part: FileValue[] = []
    const flush = async () => {
      const some = part.splice(0)
      if (some.length === 0 || signal.aborted) return
      const problems = await send(some, signal)
      const failures = problems.flatMap((problem, nth) =>
        problem === null ? [] : [{ at: some[nth]?.at ?? 0, problem }],
      )
      setState((before) => ({
        ...before,
        sent: before.sent + some.length - failures.length,
        failed: before.failed + failures.length,
        passed: before.passed + some.reduce((sum, { text }) => sum + text.length + 1, 0),
        failures: [...before.failures, ...failures].slice(0, listed),
      }))
    }
    for await (const value of values) {
      part.push(value)
      if (part.length === perCall) await flush()
      if (signal.aborted) return
    }
    await flush()
  }

  const start = async (chosen: File) => {
    const control = new AbortController()
    ending.current = control
    setFailure(null)
    setState({ ...idle, phase: 'sending' })
    try {
      await run(valuesIn(chosen), control.signal)
      setState((before) => ({ ...before, phase: control.signal.aborted ? 'stopped' : 'done' }))
    } catch (thrown) {
      if (!control.signal.aborted) setFailure(thrown)
      setState((before) => ({ ...before, phase: 'stopped' }))
    }
  }

  const sending = state.phase === 'sending'
  return (
    <Dialog
      open
      wide
      title={title}
      onClose={onClose}
      onSubmit={() => {
        if (file !== null && !sending && !invalid && preview.length > 0) void start(file)
      }}
      footer={
        <>
          <Button onClick={() => (sending ? ending.current?.abort() : onClose())}>
            {sending ? 'Stop' : 'Close'}
          </Button>
          <Button type="submit" variant="primary" busy={sending} disabled={preview.length === 0 || invalid}>
            Send
          </Button>
        </>
      }
    >
      <div className="grid gap-1">
        <label htmlFor={id} className="text-sm font-medium">
          File of values
        </label>
        <input
          id={id}
          type="file"
          accept=".ndjson,.jsonl,.json,.txt"
          disabled={sending}
          onChange={(event) => void choose(event.target.files?.[0] ?? null)}
        />
        <p className="text-xs text-ink-2">One value a line (NDJSON), or a JSON array.</p>
      </div>
      {fields}
      {preview.length > 0 && (
        <div className="grid gap-1">
          <h3 className="text-sm font-medium">Its first values</h3>
          {preview.map(({ text, at }) => (
            <code key={at} className="num truncate rounded-md bg-sunken px-2 py-1 text-xs">
              {text.slice(0, 400)}
            </code>
          ))}
        </div>
      )}
      {sending && file !== null && <Progress fraction={Math.min(1, state.passed / file.size)} label="Sent" />}
      <p role="status" className="text-sm text-ink-2">
        {state.phase !== 'idle' &&
          `${counted(state.sent, 'value')} sent to ${to}${state.failed > 0 ? `, ${counted(state.failed, 'value')} not` : ''}${sending ? ` of ${bytes(file?.size)}` : ''}${state.phase === 'stopped' ? '; stopped before the end' : ''}.`}
      </p>
      {state.failures.map(({ at, problem }) => (
        <Notice
          key={at}
          tone="bad"
          title={`Line ${at}: ${problem.message}`}
          hint={problem.hint}
          code={problem.code}
        />
      ))}
      <ProblemNotice problem={failure} alert />
    </Dialog>
  )
}
