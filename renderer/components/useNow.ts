/** The time now, renewed by itself: for "since six minutes". */
import { useEffect, useState } from 'react'

/** `every` in ms; null stands still. */
export function useNow(every: number | null): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (every === null) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), every)
    return () => clearInterval(timer)
  }, [every])
  return now
}
