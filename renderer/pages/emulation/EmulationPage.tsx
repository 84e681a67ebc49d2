/** Emulation: users who post. Settings on the left, the run on the right, all runs below. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { CirclePlay, Play } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { client } from '../../api/client.ts'
import { usePipeline, useRun } from '../../api/pipeline.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { GatewayKey, useGatewayKey } from '../../components/pipelines/GatewayKey.tsx'
import { isActive } from '../../components/runTexts.ts'
import { StackStopped, useStackRuns } from '../../components/StackStopped.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Card, Empty, PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { formOf, parseForm } from './formState.ts'
import { Presets } from './Presets.tsx'
import { Preview } from './Preview.tsx'
import { RunList } from './RunList.tsx'
import { RunView } from './RunView.tsx'
import { SettingsForm } from './SettingsForm.tsx'
import { useKeptForm } from './useKeptForm.ts'

export function EmulationPage() {
  const { id: pipeline, settings: own } = usePipeline()
  const local = own.kind === 'local'
  const runs = useStackRuns()
  const navigate = useNavigate()
  const { run: wanted } = useSearch({ from: '/emulation' })
  const [form, setForm] = useKeptForm({ id: pipeline, settings: own })
  const settings = useRef<HTMLDivElement>(null)
  const [tried, setTried] = useState(false)
  const history = useQuery({
    queryKey: keys.runs(pipeline),
    queryFn: ({ signal }) => client.emulation.list({ pipeline }, { signal }),
    // Another door may have begun one.
    refetchInterval: 5_000,
  })
  const newest = history.data?.toSorted((a, b) => b.startedAt - a.startedAt)[0]
  const shownId = wanted ?? newest?.runId ?? null
  const [round, setRound] = useState(0)
  const verify = useAction(client.emulation.verify, () => setRound((now) => now + 1))
  const goOn = useAction(client.emulation.continue, () => setRound((now) => now + 1))
  const shown = useRun(pipeline, shownId, round)
  // While the stream is opened again, the answer of the call stands in.
  const current = shown.value ?? [verify.data, goOn.data].find((data) => data?.runId === shownId)
  const start = useAction(client.emulation.start, (run) => {
    void queryClient.invalidateQueries({ queryKey: keys.runs(pipeline) })
    void navigate({ to: '/emulation', search: { run: run.runId } })
  })

  // The list shows how a run ended, also one that another door started.
  const state = current?.state
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of state that matters
  useEffect(() => {
    void queryClient.invalidateQueries({ queryKey: keys.runs(pipeline) })
  }, [state, pipeline])

  const parsed = parseForm(form)
  const errors = tried && !parsed.ok ? parsed.errors : {}
  const busy = current !== undefined && isActive(current.state)
  // A dry run needs nothing that runs.
  const possible = runs === true || form.sinks.every((sink) => sink === 'file')
  const keyHeld = useGatewayKey()
  const throughGateway = form.sinks.includes('rest') || form.sinks.includes('streams')
  const run = () => {
    setTried(true)
    if (!parsed.ok) {
      requestAnimationFrame(() => settings.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    start.mutate({
      pipeline,
      options: parsed.options,
      ...(form.password === '' ? {} : { password: form.password, remember: form.remember }),
    })
  }
  return (
    <>
      <PageHead
        title="Emulation"
        sub="Users who post: each post is a pin, a place and a person, three records in all."
        actions={
          local && (
            <Link to="/incidents" className={buttonClass({})}>
              Practise an incident
            </Link>
          )
        }
      />
      {runs === false && <StackStopped what="The pipeline" compact />}
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(340px,420px)_minmax(0,1fr)]">
        <Card
          title="Settings"
          actions={
            <Presets
              options={parsed.ok ? parsed.options : null}
              onUse={(options) => setForm({ ...formOf(options), password: form.password })}
            />
          }
        >
          <div ref={settings}>
            <SettingsForm state={form} errors={errors} change={(part) => setForm({ ...form, ...part })} />
          </div>
          <div className="mt-4 grid gap-3 border-t border-line pt-4">
            {keyHeld === false && throughGateway && <GatewayKey />}
            <ProblemNotice problem={start.error} alert />
            {tried && !parsed.ok && (
              <p role="alert" className="text-sm font-medium text-bad">
                {Object.keys(parsed.errors).length === 1
                  ? 'One setting needs'
                  : `${Object.keys(parsed.errors).length} settings need`}{' '}
                a look.
              </p>
            )}
            <div className="flex gap-2">
              <Button
                variant="primary"
                icon={Play}
                busy={start.isPending}
                disabled={!possible || busy}
                onClick={run}
              >
                Run
              </Button>
              <Preview options={parsed.ok ? parsed.options : null} password={form.password} />
            </div>
          </div>
        </Card>
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-4">
          <ProblemNotice problem={shown.problem} />
          {shownId !== null && current === undefined && shown.problem === null && (
            <Skeleton className="h-64 rounded-xl" />
          )}
          {current !== undefined && (
            <RunView
              run={current}
              verify={{
                call: () => verify.mutate({ pipeline, runId: current.runId }),
                busy: verify.isPending,
                error: verify.error,
              }}
              {...(current.state === 'done'
                ? {}
                : {
                    goOn: {
                      call: () =>
                        goOn.mutate({
                          pipeline,
                          runId: current.runId,
                          ...(form.password === ''
                            ? {}
                            : { password: form.password, remember: form.remember }),
                        }),
                      busy: goOn.isPending,
                      error: goOn.error,
                    },
                  })}
              onAgain={() => setForm(formOf(current.options))}
            />
          )}
          {shownId === null && history.data !== undefined && (
            <div className="rounded-xl border border-line bg-panel">
              <Empty icon={CirclePlay} title="No run yet">
                Choose how posts are made and press Run. Every record is accounted for: sent, acknowledged,
                failed, retried, in flight.
              </Empty>
            </div>
          )}
        </div>
      </div>
      <ProblemNotice problem={history.error} />
      {history.data !== undefined && history.data.length > 0 && (
        <section aria-label="History" className="grid grid-cols-[minmax(0,1fr)] gap-2">
          <div className="flex items-center gap-3">
            <h2>History</h2>
            {history.data.length > 1 && (
              <Link to="/compare" className={`${buttonClass({ small: true })} ml-auto`}>
                Compare two runs
              </Link>
            )}
          </div>
          <RunList runs={history.data} shown={shownId} />
        </section>
      )}
    </>
  )
}
