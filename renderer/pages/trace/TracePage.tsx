/** Trace: one post through every hop, sent now or looked for from one of its places. */
import { useSearch } from '@tanstack/react-router'
import { Route, Send } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Trace } from '../../../shared/contract/trace.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { StackStopped, useStackRuns } from '../../components/StackStopped.tsx'
import { Button } from '../../ui/Button.tsx'
import { Empty, PageHead } from '../../ui/Card.tsx'
import { HopTable } from './HopTable.tsx'
import { placeOf } from './place.ts'

export function TracePage() {
  const pipeline = usePipeline().id
  const runs = useStackRuns()
  const place = placeOf(useSearch({ from: '/trace' }))
  const [trace, setTrace] = useState<Trace | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const ending = useRef<AbortController | null>(null)

  const follow = async (open: (signal: AbortSignal) => Promise<AsyncIterable<Trace>>) => {
    ending.current?.abort()
    const control = new AbortController()
    ending.current = control
    setBusy(true)
    setFailure(null)
    setTrace(null)
    try {
      for await (const now of await open(control.signal)) if (!control.signal.aborted) setTrace(now)
    } catch (thrown) {
      if (!control.signal.aborted) setFailure(thrown)
    }
    if (ending.current === control) setBusy(false)
  }
  const key = place === null ? null : JSON.stringify(place)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the place, and `follow` is the same each time
  useEffect(() => {
    if (place !== null && runs === true)
      void follow((signal) => client.trace.find({ pipeline, place }, { signal }))
    return () => ending.current?.abort()
  }, [pipeline, key, runs])

  const reached = trace?.hops.filter(({ state }) => state === 'reached').length ?? 0
  return (
    <>
      <PageHead
        title="Trace"
        live
        sub={
          trace === null
            ? 'One post through every hop, with the time each takes.'
            : `${trace.index === null ? 'The record' : `Post ${trace.index}`}: ${reached} of ${trace.hops.length} hops reached${trace.done ? '.' : ', following …'}`
        }
        actions={
          runs && (
            <>
              {busy && <Button onClick={() => ending.current?.abort()}>Stop</Button>}
              <Button
                variant="primary"
                icon={Send}
                busy={busy}
                onClick={() => void follow((signal) => client.trace.send({ pipeline }, { signal }))}
              >
                Send a post and follow it
              </Button>
            </>
          )
        }
      />
      {runs === false && <StackStopped what="The pipeline" />}
      <ProblemNotice problem={failure ?? trace?.problem ?? null} alert />
      {runs && trace === null && !busy && failure === null && (
        <div className="rounded-xl border border-line bg-panel">
          <Empty icon={Route} title="Where does a post go?">
            Send one and watch it pass the gateway, the topics, the lake and the streams. From a message or a
            record, “Trace” looks for the same one elsewhere.
          </Empty>
        </div>
      )}
      {trace !== null && <HopTable hops={trace.hops} />}
    </>
  )
}
