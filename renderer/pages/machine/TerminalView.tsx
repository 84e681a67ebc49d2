/** A terminal on the machine: the session is the back end's, the drawing is the frame's, and this carries between the two. */
import { TerminalSquare } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { FromFrame, ToFrame } from '../../../shared/terminal.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'

interface Size {
  readonly columns: number
  readonly rows: number
}

type Phase = 'off' | 'opening' | 'open' | 'over'

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
const base64Of = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

export function TerminalView() {
  const [phase, setPhase] = useState<Phase>('off')
  const [failure, setFailure] = useState<unknown>(null)
  const [ended, setEnded] = useState('')
  const button = useRef<HTMLButtonElement>(null)
  const words = { off: 'No terminal is open.', opening: 'Connecting …', open: 'Connected.', over: ended }
  const done = useCallback((how: string, problem: unknown) => {
    setEnded(how)
    setFailure(problem)
    setPhase('over')
  }, [])
  const shown = phase === 'opening' || phase === 'open'
  return (
    <Card
      title="Terminal"
      actions={
        shown ? (
          <Button ref={button} onClick={() => setPhase('off')}>
            End the terminal
          </Button>
        ) : (
          <Button
            icon={TerminalSquare}
            onClick={() => {
              setFailure(null)
              setPhase('opening')
            }}
          >
            Open a terminal
          </Button>
        )
      }
    >
      <p role="status" className="mb-2 text-sm text-ink-2">
        {words[phase]}
        {phase === 'open' && ' F6 leaves the terminal for the page.'}
      </p>
      <ProblemNotice problem={failure} alert />
      {shown && <Screen onOpen={() => setPhase('open')} onEnd={done} leave={() => button.current?.focus()} />}
    </Card>
  )
}

interface ScreenProps {
  readonly onOpen: () => void
  readonly onEnd: (how: string, problem: unknown) => void
  readonly leave: () => void
}

function Screen({ onOpen, onEnd, leave }: ScreenProps) {
  const { id: pipeline } = usePipeline()
  const frame = useRef<HTMLIFrameElement>(null)
  const handlers = useRef({ onOpen, onEnd, leave })
  handlers.current = { onOpen, onEnd, leave }
  useEffect(() => {
    const control = new AbortController()
    let session: string | null = null
    let turn: Promise<unknown> = Promise.resolve()
    let written = () => {}
    const post = (message: ToFrame) =>
      frame.current?.contentWindow?.postMessage(message, window.location.origin)
    const dress = () => post({ kind: 'look', look: lookNow() })
    /** One after the other, so that what is typed arrives in its order. */
    const send = (text: string) => {
      const to = session
      if (to === null) return
      turn = turn
        .then(() => client.hosts.session.input({ session: to, data: base64Of(text) }))
        .catch(() => undefined)
    }
    const run = async (size: Size) => {
      try {
        const made = await client.hosts.session.open({ pipeline, size }, { signal: control.signal })
        session = made.session
        if (control.signal.aborted) {
          await client.hosts.session.close(made)
          return
        }
        handlers.current.onOpen()
        post({ kind: 'focus' })
        for await (const { chunks, ended } of await client.hosts.session.output(made, {
          signal: control.signal,
        })) {
          for (const { data } of chunks) {
            // The next piece is asked for when this one is on the screen: a fast host waits for the eye.
            const shown = new Promise<void>((resolve) => {
              written = resolve
            })
            post({ kind: 'write', bytes: bytesOf(data) })
            await shown
          }
          if (ended !== null)
            handlers.current.onEnd(
              ended.problem === null ? `It ended with ${ended.signal ?? ended.code}.` : 'It was cut off.',
              ended.problem,
            )
        }
      } catch (thrown) {
        if (!control.signal.aborted) handlers.current.onEnd('It did not open.', thrown)
      }
    }
    const heard = ({ data, source, origin }: MessageEvent<FromFrame>) => {
      if (source !== frame.current?.contentWindow || origin !== window.location.origin) return
      if (data.kind === 'typed') send(data.text)
      else if (data.kind === 'written') written()
      else if (data.kind === 'leave') handlers.current.leave()
      else if (data.kind === 'size') {
        if (session !== null)
          void client.hosts.session
            .resize({ session, columns: data.columns, rows: data.rows })
            .catch(() => undefined)
      } else {
        dress()
        void run({ columns: data.columns, rows: data.rows })
      }
    }
    window.addEventListener('message', heard)
    const watch = new MutationObserver(dress)
    watch.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      window.removeEventListener('message', heard)
      watch.disconnect()
      control.abort()
      written()
      if (session !== null) void client.hosts.session.close({ session }).catch(() => undefined)
    }
  }, [pipeline])
  return (
    <iframe
      ref={frame}
      title="Terminal of the machine"
      src="terminal.html"
      className="h-[420px] w-full rounded-lg border border-line"
    />
  )
}

function lookNow(): 'light' | 'dark' {
  const { theme } = document.documentElement.dataset
  if (theme === 'light' || theme === 'dark') return theme
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}
