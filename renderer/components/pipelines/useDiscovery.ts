/** Looks at what somebody already has; another look or the end of the dialog cancels the one before. */
import { useRef } from 'react'
import type { PipelineSettings } from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { useAction } from '../../api/query.ts'

export type Found = Awaited<ReturnType<typeof client.pipelines.discover>>

/** What was looked at, and with which key and password. */
export interface LookInput {
  readonly settings: PipelineSettings
  readonly gatewayKey?: string
  readonly kafkaPassword?: string
}

export function useDiscovery() {
  const current = useRef<AbortController | null>(null)
  const look = useAction(async (input: LookInput) => {
    current.current?.abort()
    const mine = new AbortController()
    current.current = mine
    const found: Found = await client.pipelines.discover(input, { signal: mine.signal })
    return { found, of: JSON.stringify(input) }
  })
  return {
    look,
    stop: () => {
      current.current?.abort()
      look.reset()
    },
  }
}
