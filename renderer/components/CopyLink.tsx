/** Copies the address of what is shown: a web address in a browser, a `pipeline://` link in the desktop app. */
import { useAppInfo } from '../api/query.ts'
import { CopyButton } from './CopyButton.tsx'

/** `path` without its first slash; each part encoded. */
export function CopyLink({ path }: { readonly path: string }) {
  const desktop = useAppInfo().data?.door === 'desktop'
  const link = desktop ? `pipeline://${path}` : `${location.origin}/#/${path}`
  return <CopyButton text={link} what="the link" words="Copy link" />
}

export const messagePath = (topic: string, partition: number, offset: string): string =>
  `topics/${encodeURIComponent(topic)}/${partition}/${offset}`

export const recordPath = (stream: string, shard: string, sequence: string): string =>
  `streams/${encodeURIComponent(stream)}/${encodeURIComponent(shard)}/${sequence}`

export const runPath = (runId: string): string => `emulation/${encodeURIComponent(runId)}`
