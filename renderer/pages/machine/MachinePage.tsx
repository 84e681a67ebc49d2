/** Machine: the host of the pipeline, tested link by link before it is saved, and a terminal on it. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { MonitorCog } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { HostLink, HostTest, HostView } from '../../../shared/contract/hosts.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { RememberField } from '../../components/RememberField.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Card, Empty, PageHead } from '../../ui/Card.tsx'
import { CheckField } from '../../ui/Field.tsx'
import { HopFields } from './HopFields.tsx'
import { draftOf, type Errors, emptyHop, type MachineDraft, secretsOf, settingsOf } from './hopDraft.ts'
import { TerminalView } from './TerminalView.tsx'
import { TestResult } from './TestResult.tsx'

export function MachinePage() {
  const { id, settings: pipeline } = usePipeline()
  const view = useQuery({
    queryKey: keys.host(id),
    queryFn: ({ signal }) => client.hosts.get({ pipeline: id }, { signal }),
  })
  const [asked, setAsked] = useState(false)
  const settings = view.data?.settings
  return (
    <>
      <PageHead
        title="Machine"
        sub={
          settings
            ? `${settings.user}@${settings.host}, reached by SSH.`
            : 'A Linux machine of your own, reached by SSH.'
        }
        {...(settings && pipeline.kind === 'existing'
          ? {
              actions: (
                <Link to="/doctor" className={buttonClass({})}>
                  Check the whole way
                </Link>
              ),
            }
          : {})}
      />
      <ProblemNotice problem={view.error} alert />
      {view.data !== undefined && settings === null && !asked && (
        <div className="rounded-xl border border-line bg-panel">
          <Empty
            icon={MonitorCog}
            title="No machine yet"
            action={
              <Button variant="primary" onClick={() => setAsked(true)}>
                Enter a machine
              </Button>
            }
          >
            With its address and a key you get a terminal here, and what runs on it is reached through the
            same connection. Nothing is changed on it by testing.
          </Empty>
        </div>
      )}
      {view.data !== undefined && (settings !== null || asked) && (
        <>
          <MachineForm view={view.data} />
          {settings !== null && <TerminalView />}
        </>
      )}
    </>
  )
}

function MachineForm({ view }: { readonly view: HostView }) {
  const { id: pipeline } = usePipeline()
  const [draft, setDraft] = useState<MachineDraft>(() => draftOf(view.settings))
  const [errors, setErrors] = useState<Errors>({})
  const [remember, setRemember] = useState(false)
  const { test, busy, failure, start, stop } = useTest(pipeline)
  const place = useRef<HTMLFormElement>(null)
  const save = useAction(client.hosts.set, (answer) => {
    queryClient.setQueryData(keys.host(pipeline), answer)
    void queryClient.invalidateQueries({ queryKey: keys.pipelines })
    setDraft(draftOf(answer.settings))
  })
  const checked = (wanted: MachineDraft) => {
    const { settings, errors: wrong } = settingsOf(wanted)
    setErrors(wrong ?? {})
    if (settings === null)
      requestAnimationFrame(() => place.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
    return settings
  }
  const tryIt = (wanted: MachineDraft) => {
    const settings = checked(wanted)
    if (settings !== null) void start({ pipeline, settings, secrets: secretsOf(wanted) })
  }
  /** Puts a key of one of the machines in or out, and tests again. */
  const pin = (link: HostLink, hostKey: HostLink['shown']) => {
    const next =
      link.hop === 'host'
        ? { ...draft, host: { ...draft.host, hostKey } }
        : { ...draft, jump: draft.jump && { ...draft.jump, hostKey } }
    setDraft(next)
    tryIt(next)
  }
  const saved = save.isSuccess && JSON.stringify(draft) === JSON.stringify(draftOf(view.settings))
  return (
    <Card title="How it is reached">
      <form
        noValidate
        ref={place}
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          tryIt(draft)
        }}
      >
        <HopFields
          hop={draft.host}
          onChange={(host) => setDraft({ ...draft, host })}
          errors={errors}
          prefix=""
          held={view.held.host}
          agent={view.agent}
        />
        <CheckField
          label="Through a jump host"
          checked={draft.jump !== null}
          onChange={(on) => setDraft({ ...draft, jump: on ? { ...emptyHop, ...same(draft.host) } : null })}
          help="A machine in between that can be reached from here, as with ssh -J."
        />
        {draft.jump !== null && (
          <fieldset className="grid gap-2 rounded-lg border border-line p-3">
            <legend className="px-1 text-sm font-medium">Jump host</legend>
            <HopFields
              hop={draft.jump}
              onChange={(jump) => setDraft({ ...draft, jump })}
              errors={errors}
              prefix="jump."
              held={view.held.jump}
              agent={view.agent}
            />
          </fieldset>
        )}
        <RememberField checked={remember} onChange={setRemember} />
        <div className="flex flex-wrap items-center gap-2 border-t border-line pt-3">
          <Button type="submit" variant="primary" busy={busy}>
            Test
          </Button>
          {busy && <Button onClick={stop}>Stop</Button>}
          <Button
            busy={save.isPending}
            onClick={() => {
              const settings = checked(draft)
              if (settings !== null) save.mutate({ pipeline, settings, secrets: secretsOf(draft), remember })
            }}
          >
            Save
          </Button>
          {view.settings !== null && (
            <Button variant="quiet" onClick={() => save.mutate({ pipeline, settings: null })}>
              Forget the machine
            </Button>
          )}
          <p role="status" className="text-sm text-ink-2">
            {saved ? 'Saved.' : test?.done ? 'Tested.' : ''}
          </p>
        </div>
        <ProblemNotice problem={save.error ?? failure} alert />
        {test !== null && (
          <TestResult
            test={test}
            onAccept={(link) => pin(link, link.shown)}
            onForget={(link) => pin(link, null)}
          />
        )}
      </form>
    </Card>
  )
}

const same = ({ user, kind, path }: MachineDraft['host']) => ({ user, kind, path })

type TestInput = Parameters<typeof client.hosts.test>[0]

function useTest(pipeline: string) {
  const [test, setTest] = useState<HostTest | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const ending = useRef<AbortController | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another pipeline the test is of no interest
  useEffect(() => () => ending.current?.abort(), [pipeline])
  const start = async (input: TestInput) => {
    ending.current?.abort()
    const control = new AbortController()
    ending.current = control
    setBusy(true)
    setFailure(null)
    setTest(null)
    try {
      for await (const now of await client.hosts.test(input, { signal: control.signal }))
        if (!control.signal.aborted) setTest(now)
    } catch (thrown) {
      if (!control.signal.aborted) setFailure(thrown)
    }
    if (ending.current === control) setBusy(false)
  }
  return { test, failure, busy, start, stop: () => ending.current?.abort() }
}
