/** A run as the back end owns it: its worker, its newest snapshot, and its file. */
import { Worker } from 'node:worker_threads'
import type { RunSnapshot } from '../../../shared/emulation.ts'
import { AppError, type ErrorDetail } from '../../../shared/errors.ts'
import { broadcast } from '../../lib/broadcast.ts'
import { type LiveSecrets, openFor, type Secrets } from '../../lib/openFor.ts'
import type { FromWorker, ToWorker, WorkerInit } from '../protocol.ts'
import { asResumed, isOver, withPump, withReport } from './assemble.ts'
import { type RunFile, writeRunFile } from './runFile.ts'

export interface Run {
  readonly folder: string
  readonly file: RunFile
  /** With the state `verifying` while it is read back. */
  readonly snapshot: RunSnapshot
  /** Whether a worker is at it. */
  readonly busy: boolean
  /** Starts its worker. Throws AppError RUN_BUSY where one is at it already. */
  begin(init: WorkerInit, secrets: Secrets, live: LiveSecrets): void
  tell(type: 'pause' | 'resume'): void
  /** Ends at a record's boundary; asked a second time, at once. `why` where the back end itself stops it. */
  stop(why?: ErrorDetail): void
  /** Snapshots, at most ten a second, until nothing more will come by itself or the signal is aborted. */
  watch(signal: AbortSignal | undefined): AsyncGenerator<RunSnapshot>
  /** Resolves when no worker is at it and its file says how it ended. */
  settled(): Promise<void>
  /** Stops it, with less patience as time goes by, and resolves when it is settled: at the latest after 20 s. */
  close(): Promise<void>
}

/** How long what is in flight is waited for when the app closes, and how long a worker that is done has to end, ms. */
const patienceMs = { inFlight: 10_000, worker: 5_000 } as const

/** How often a running run's file is brought up to date, ms. */
const saveMs = 1_000

/** A run from its file: one of an earlier session, or a new one. `workerFile` is the built worker. */
export function openRun(workerFile: string, folder: string, found: RunFile): Run {
  let file = found
  let verifying: RunSnapshot['verifying'] = null
  let active: { readonly worker: Worker; readonly exited: Promise<void> } | null = null
  let why: ErrorDetail | null = null
  let savedAt = 0
  let saving: Promise<void> = Promise.resolve()
  const snapshot = (): RunSnapshot =>
    verifying === null ? file.snapshot : { ...file.snapshot, state: 'verifying', verifying }
  const changes = broadcast(snapshot())
  const notify = () => changes.set(snapshot())
  const save = () => {
    savedAt = Date.now()
    // The newest wins: what is written is read when its turn comes. A full disk must not end the run.
    saving = saving.then(() => writeRunFile(folder, file)).catch(() => undefined)
  }
  const change = (snapshot: RunSnapshot) => {
    file = { ...file, snapshot }
    notify()
  }
  const end = (snapshot: RunSnapshot) => {
    change({ ...snapshot, endedAt: snapshot.endedAt ?? Date.now() })
    save()
  }

  const endRun = (snapshot: RunSnapshot) => {
    file = { ...file, endedBy: snapshot.problem }
    end(snapshot)
  }

  const receive = (message: FromWorker) => {
    if (message.type === 'started') {
      const { resumed } = message
      file = { ...file, start: file.start ?? { kafka: [...message.start.kafka] } }
      if (resumed !== null) {
        const { snapshot } = file
        change({ ...snapshot, resumes: [...snapshot.resumes, { at: Date.now(), ...resumed }] })
      }
      save()
    } else if (message.type === 'snapshot') {
      change(withPump(file.snapshot, message.snapshot, why))
      if (Date.now() - savedAt >= saveMs) save()
    } else if (message.type === 'ended') {
      endRun(withPump(file.snapshot, message.snapshot, why))
    } else if (message.type === 'verifying') {
      verifying = message.verifying
      notify()
    } else if (message.type === 'report') {
      end(withReport(file.snapshot, message.report, message.journal))
    } else {
      fail(message.problem)
    }
  }
  const fail = (problem: ErrorDetail) => {
    if (verifying !== null) {
      const stopped = problem.code === 'VERIFY_STOPPED'
      return change({ ...file.snapshot, problem: stopped ? (why ?? problem) : problem })
    }
    const early = problem.code === 'RUN_STOPPED_EARLY'
    endRun({ ...file.snapshot, state: early ? 'stopped' : 'failed', problem: early ? why : problem })
  }

  const begin = (init: WorkerInit, secrets: Secrets, live: LiveSecrets) => {
    if (active !== null) throw busy(file.snapshot.runId)
    why = null
    const worker = new Worker(workerFile, { workerData: init })
    const exited = new Promise<void>((resolve) => {
      worker.on('exit', () => {
        active = null
        verifying = null
        if (init.mode === 'run' && file.snapshot.endedAt === null) fail(died)
        notify()
        resolve()
      })
    })
    worker.on('message', (message: FromWorker) => {
      receive(message)
      if (message.type !== 'ended') return
      // All is on file. What is left are requests nobody waits for any more: Kafka's may be tried for minutes.
      const end = setTimeout(() => void worker.terminate(), patienceMs.worker)
      void exited.then(() => clearTimeout(end))
    })
    worker.on('error', (thrown) => fail({ ...died, message: `${died.message} ${String(thrown)}` }))
    active = { worker, exited }
    if (init.mode === 'run' && init.before !== null) {
      file = { ...file, endedBy: null }
      change(asResumed(file.snapshot))
      save()
    }
    if (init.mode === 'verify') {
      verifying = { fraction: null, text: 'Beginning to read back' }
      change({ ...file.snapshot, problem: file.endedBy })
    }
    openFor(worker, secrets, live)
  }
  const say = (type: 'pause' | 'resume' | 'stop') => active?.worker.postMessage({ type } satisfies ToWorker)

  const settled = async () => {
    await active?.exited
    await saving
  }

  return {
    folder,
    get file() {
      return file
    },
    get snapshot() {
      return snapshot()
    },
    get busy() {
      return active !== null
    },
    begin,
    tell: say,
    stop: (reason) => {
      why ??= reason ?? null
      say('stop')
    },
    watch: async function* (signal) {
      for await (const newest of changes.watch(signal)) {
        yield newest
        if (isOver(newest) && active === null) return
      }
    },
    settled,
    close: async () => {
      const current = active
      if (current !== null) {
        say('stop')
        const hurry = setTimeout(() => say('stop'), patienceMs.inFlight)
        const end = setTimeout(() => void current.worker.terminate(), patienceMs.inFlight + patienceMs.worker)
        await current.exited
        clearTimeout(hurry)
        clearTimeout(end)
      }
      await settled()
    },
  }
}

const died: ErrorDetail = {
  code: 'RUN_WORKER_DIED',
  message: 'The worker of this run ended by itself.',
  hint: 'Press Verify to see what arrived, then start a new run. The log has the details.',
}

function busy(runId: string): AppError {
  return new AppError({
    code: 'RUN_BUSY',
    message: `The run is being worked on already: ${runId}`,
    hint: 'Wait until it has ended, or stop it first.',
  })
}
