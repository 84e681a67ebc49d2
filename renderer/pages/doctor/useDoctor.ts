/** One look at the way, as it goes on; it ends with the page, with another pipeline, and at the button. */
import { useEffect, useRef, useState } from 'react'
import type { Doctor } from '../../../shared/contract/doctor.ts'
import { client } from '../../api/client.ts'

export interface DoctorRun {
  /** Null before the first look. */
  readonly found: Doctor | null
  readonly failure: unknown
  readonly busy: boolean
  start(): void
  stop(): void
}

export function useDoctor(pipeline: string): DoctorRun {
  const [found, setFound] = useState<Doctor | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const ending = useRef<AbortController | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another pipeline the look is of no interest
  useEffect(() => () => ending.current?.abort(), [pipeline])
  const start = async () => {
    ending.current?.abort()
    const control = new AbortController()
    ending.current = control
    setBusy(true)
    setFailure(null)
    setFound(null)
    try {
      for await (const now of await client.doctor.run({ pipeline }, { signal: control.signal })) {
        if (control.signal.aborted) break
        setFound(now)
      }
    } catch (thrown) {
      if (!control.signal.aborted) setFailure(thrown)
    }
    if (ending.current === control) setBusy(false)
  }
  return { found, failure, busy, start: () => void start(), stop: () => ending.current?.abort() }
}
