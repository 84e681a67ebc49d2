/** The log of the services, live: held still, filtered, copied, saved. */
import { Download, Pause, Play } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { LogBatch, LogLine } from '../../../shared/contract/services.ts'
import { type ServiceId, serviceTitles } from '../../../shared/services.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { logCommand } from '../../components/actions/commands.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { count } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { TailBar } from '../../components/records/TailBar.tsx'
import { useTail } from '../../components/records/useTail.ts'
import { saveFile } from '../../components/saveFile.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Segments, TextField } from '../../ui/Field.tsx'
import { LogLines, type NumberedLine } from './LogLines.tsx'
import { logText, matching } from './serviceLook.ts'

/** Of the past, before the first new one. */
const firstLines = 200

export function LogView({ services }: { readonly services: readonly ServiceId[] }) {
  const { id: pipeline } = usePipeline()
  const [chosen, setChosen] = useState<ServiceId | 'all'>('all')
  const [filter, setFilter] = useState('')
  const [{ problem, retrying }, setStanding] = useState<Standing>({ problem: null, retrying: true })
  const [round, setRound] = useState(0)
  const wanted = chosen === 'all' || !services.includes(chosen) ? [...services] : [chosen]
  const tail = useTail<NumberedLine>(
    JSON.stringify(['log', pipeline, wanted, round]),
    async (signal) =>
      numbered(
        await client.services.log({ pipeline, services: wanted, lines: firstLines }, { signal }),
        setStanding,
      ),
    { anew: true },
  )
  const lines = useMemo(() => matching(tail.items.toReversed(), filter), [tail.items, filter])
  const command = `pipeline ${logCommand(wanted)}`
  return (
    <Card title="Log">
      <div className="grid gap-3">
        <div className="flex flex-wrap items-end gap-3">
          {services.length > 1 && (
            <Segments
              label="Log of"
              value={chosen}
              options={[
                { value: 'all', label: services.length > 2 ? 'All' : 'Both' },
                ...services.map((value) => ({ value, label: serviceTitles[value] })),
              ]}
              onChange={setChosen}
            />
          )}
          <div data-filter className="min-w-48 flex-1">
            <TextField label="Show lines with" value={filter} onChange={setFilter} />
          </div>
          <Button icon={tail.paused ? Play : Pause} onClick={tail.paused ? tail.resume : tail.pause}>
            {tail.paused ? 'Resume' : 'Pause'}
          </Button>
        </div>
        <TailBar
          tail={tail}
          stalled={problem === null ? undefined : retrying ? 'Connecting again' : 'Ended'}
        />
        <ProblemNotice problem={tail.problem} />
        {problem !== null && (
          <>
            <ProblemNotice
              problem={problem}
              tone={retrying ? 'warn' : 'bad'}
              actions={retrying ? null : <Button onClick={() => setRound(round + 1)}>Try again</Button>}
            />
            {retrying && (
              <p role="status" className="text-sm text-ink-2">
                It goes on by itself behind the last line that came.
              </p>
            )}
          </>
        )}
        <LogLines
          key={wanted.join()}
          lines={lines}
          several={wanted.length > 1}
          empty={
            tail.items.length > 0
              ? 'No line holds this text.'
              : tail.numbers === null
                ? 'Reading …'
                : 'The log is empty.'
          }
        />
        <div className="flex flex-wrap items-center gap-2 text-sm text-ink-2">
          {filter.trim() !== '' && (
            <span>
              <span className="num">{count(lines.length)}</span> of{' '}
              <span className="num">{count(tail.items.length)}</span> lines hold the text.
            </span>
          )}
          <Button
            small
            variant="quiet"
            icon={Download}
            disabled={lines.length === 0}
            onClick={() => saveFile({ fileName: `${wanted.join('-')}.log`, content: logText(lines) })}
          >
            Save
          </Button>
          <CopyButton text={() => logText(lines)} what="the lines shown" words="Copy the lines" />
          <CopyButton text={command} what="the command for this log" words="Copy as command" />
        </div>
      </div>
    </Card>
  )
}

/** What a log tells besides its lines. */
type Standing = Pick<LogBatch, 'problem' | 'retrying'>

/** Lines have no name of their own; a number keeps each in its place while others go. */
async function* numbered(batches: AsyncIterable<LogBatch>, tell: (standing: Standing) => void) {
  let next = 0
  for await (const { lines, problem, retrying, ...numbers } of batches) {
    tell({ problem, retrying })
    const items: NumberedLine[] = lines.map((line: LogLine) => ({ ...line, number: next++ }))
    yield { items, ...numbers }
  }
}
