/** Looks at what somebody already has; another look or the end of the dialog cancels the one before. */
import { useRef } from 'react'
import type { PipelineSettings } from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { useAction } from '../../api/query.ts'

export type Found = Awaited<ReturnType<typeof client.pipelines.discover>>

export function useDiscovery() {
  const current = useRef<AbortController | null>(null)
  const look = useAction(async (settings: PipelineSettings) => {
    current.current?.abort()
    const mine = new AbortController()
    current.current = mine
    const found: Found = await client.pipelines.discover({ settings }, { signal: mine.signal })
    return { found, of: JSON.stringify(settings) }
  })
  return {
    look,
    stop: () => {
      current.current?.abort()
      look.reset()
    },
  }
}
