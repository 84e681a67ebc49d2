/** The exports of a topic in this session: how far each is, where its file is, and stopping one. */
import { useQuery } from '@tanstack/react-query'
import { Square } from 'lucide-react'
import type { Export } from '../../../shared/contract/transfer.ts'
import { client } from '../../api/client.ts'
import { keys, useAction } from '../../api/query.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { bytes, count } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Progress } from '../../ui/Progress.tsx'

/** While one runs, ms. */
const renewed = 500

export function Exports({ topic }: { readonly topic: string }) {
  const exports = useQuery({
    queryKey: keys.exports,
    queryFn: ({ signal }) => client.transfer.exports(undefined, { signal }),
    refetchInterval: ({ state }) => (state.data?.some((each) => each.state === 'running') ? renewed : false),
  })
  const stop = useAction(client.transfer.stopExport)
  const mine = exports.data?.filter((each) => each.topic === topic) ?? []
  if (mine.length === 0) return null
  return (
    <ul aria-label="Exports" className="grid gap-2">
      {mine.map((each) => (
        <li key={each.id} className="grid gap-1.5 rounded-lg border border-line bg-panel px-3 py-2 text-sm">
          <div className="flex flex-wrap items-center gap-2">
            <span className="font-medium">{wordsOf(each)}</span>
            <span className="text-ink-2">
              {count(each.written)} messages, {bytes(each.bytes)}
            </span>
            <span className="flex-1" />
            {each.state === 'running' && (
              <Button small icon={Square} onClick={() => stop.mutate({ id: each.id })}>
                Stop
              </Button>
            )}
          </div>
          {each.state === 'running' && (
            <Progress label="Exporting" fraction={each.total === 0 ? null : each.passed / each.total} />
          )}
          {each.state !== 'failed' && (
            <div className="flex items-center gap-1">
              <code className="num min-w-0 text-xs [overflow-wrap:anywhere] text-ink-2">{each.file}</code>
              <CopyButton text={each.file} what="the path of the file" />
            </div>
          )}
          <ProblemNotice problem={each.problem} />
        </li>
      ))}
      <ProblemNotice problem={stop.error} alert />
    </ul>
  )
}

function wordsOf({ state }: Export): string {
  if (state === 'running') return 'Exporting'
  if (state === 'stopped') return 'Export stopped; the file is whole up to here'
  return state === 'done' ? 'Exported' : 'The export failed'
}
