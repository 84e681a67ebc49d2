/** The check of a DAG's file that somebody wrote: what of F-67 to F-73 is wrong with it, without running it. */
import { useRef, useState } from 'react'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'

const tones = { bad: 'bad', warn: 'warn', unknown: 'info' } as const

export function CheckFile() {
  const { id: pipeline } = usePipeline()
  const input = useRef<HTMLInputElement>(null)
  const [unreadable, setUnreadable] = useState<Error | null>(null)
  const check = useAction(client.airflow.check)
  const choose = async (file: File) => {
    setUnreadable(null)
    try {
      check.mutate({ pipeline, file: file.name, text: await file.text() })
    } catch (thrown) {
      setUnreadable(thrown as Error)
    }
  }
  return (
    <Card
      title="Check a DAG of your own"
      actions={
        <Button small busy={check.isPending} onClick={() => input.current?.click()}>
          Choose a file
        </Button>
      }
    >
      <input
        ref={input}
        type="file"
        accept=".py"
        hidden
        aria-label="File of a DAG"
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file !== undefined) void choose(file)
        }}
      />
      <p className="text-sm text-ink-2">
        The file is read, not run: a cluster’s name in place of its id, a start that moves, a schedule that
        never fires, what Airflow 3 takes no more. It goes nowhere.
      </p>
      <div className="mt-3 grid gap-2" aria-live="polite">
        <ProblemNotice problem={check.error ?? unreadable} alert />
        {check.data?.findings.length === 0 && (
          <Notice tone="good" title={`${check.data.file}: nothing of F-67 to F-73 is wrong`} />
        )}
        {check.data?.findings.map(({ id, level, message, fix, line }) => (
          <Notice
            key={`${id} ${line} ${message}`}
            tone={tones[level]}
            title={`${id}${line === null ? '' : `, line ${line}`}: ${message}`}
            hint={fix}
          />
        ))}
      </div>
    </Card>
  )
}
