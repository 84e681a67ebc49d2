/** What runs inside a run's worker thread: it owns its source, its sinks and its clients (decision 6). */
import { join } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import { openPackedKeys } from '../clients/aws/crossing.ts'
import type { WhoseKeys } from '../clients/aws/types.ts'
import { type KafkaReach, kafkaReach } from '../clients/kafka/reach.ts'
import { openSecurity } from '../clients/kafka/security.ts'
import { openMachine } from '../clients/ssh/crossing.ts'
import type { SshHost } from '../clients/ssh/types.ts'
import { type Received, received, type Secrets } from '../lib/openFor.ts'
import { secret } from '../lib/secret.ts'
import { openResumePoint } from './journal/resume.ts'
import { createJournalWriter } from './journal/writer.ts'
import type { FromWorker, ToWorker, WorkerInit } from './protocol.ts'
import { type Pump, startPump } from './pump/pump.ts'
import { countedBefore } from './runs/counted.ts'
import { createSinks } from './sinks/create.ts'
import { createSource } from './sources/create.ts'
import { inspectTargets } from './start.ts'
import { verify } from './verify/verify.ts'

/** At most ten snapshots a second leave the worker. */
const snapshotMs = 100

/** Serves one job and ends; what goes wrong is told, never thrown. */
export async function runWorker(port: MessagePort, init: WorkerInit): Promise<void> {
  const tell = (message: FromWorker) => port.postMessage(message)
  const inbox = createInbox(port)
  try {
    const given = await inbox.secrets
    const { secrets } = given
    const machine = await openMachine(init.machine, secrets)
    const has = (part: 'kafka' | 'gateway') => init.targets.through?.includes(part) === true
    const surroundings = {
      inbox,
      tell,
      reach: kafkaReach(has('kafka') ? machine : null, openSecurity(init.security, given)),
      gatewayVia: has('gateway') ? machine : null,
      keys: openPackedKeys(init.identity, given),
    }
    try {
      await (init.mode === 'run' ? emulate(init, secrets, surroundings) : prove(init, surroundings))
    } finally {
      machine?.close()
    }
  } catch (thrown) {
    tell({ type: 'failed', problem: toErrorDetail(thrown) })
  } finally {
    port.close()
  }
}

interface Surroundings {
  readonly inbox: Inbox
  readonly reach: KafkaReach
  /** Opens what the gateway's client connects to; null where it connects by itself. */
  readonly gatewayVia: Pick<SshHost, 'forward'> | null
  readonly keys: WhoseKeys
  tell(message: FromWorker): void
}

interface Inbox {
  readonly secrets: Promise<Received>
  /** What pause, resume and stop do from now on. What came before is handed over at once. */
  handle(handler: (type: 'pause' | 'resume' | 'stop') => void): void
}

function createInbox(port: MessagePort): Inbox {
  const early: ('pause' | 'resume' | 'stop')[] = []
  let handler = (type: 'pause' | 'resume' | 'stop') => {
    early.push(type)
  }
  const secrets = new Promise<Received>((resolve) => {
    port.on('message', (message: ToWorker) => {
      if (message.type !== 'secrets') return handler(message.type)
      resolve(received(message))
    })
  })
  return {
    secrets,
    handle: (next) => {
      handler = next
      for (const type of early.splice(0)) next(type)
    },
  }
}

async function emulate(
  init: Extract<WorkerInit, { mode: 'run' }>,
  secrets: Secrets,
  { inbox, reach, gatewayVia, keys, tell }: Surroundings,
): Promise<void> {
  const { options, network, folder, before } = init
  const abort = new AbortController()
  inbox.handle((type) => type === 'stop' && abort.abort(stoppedEarly()))
  const password = secrets.password ?? secret('')
  const source = await createSource(options.source, password, network, abort.signal).catch((thrown) => {
    throw abort.signal.aborted ? abort.signal.reason : thrown
  })
  const sinks = createSinks({ ...init, reach, gatewayVia, keys, gatewayKey: secrets.gatewayKey ?? null })
  const path = join(folder, 'journal')
  try {
    const point = before === null ? null : await openResumePoint(path, options.sinks, abort.signal)
    const journal = createJournalWriter(path)
    const { start, warnings } = await inspectTargets({ ...init, reach, keys })
    abort.signal.throwIfAborted()
    const resumed = point === null ? null : { post: point.from, repeated: point.repeated }
    tell({ type: 'started', start, resumed })
    const pump = startPump({
      options,
      source,
      sinks,
      journal,
      warnings: [...new Set([...(before?.warnings ?? []), ...warnings])],
      resume: point && before ? { point, ...countedBefore(before, point) } : null,
      signal: abort.signal,
    })
    inbox.handle(createControl(pump, abort))
    const timer = setInterval(() => tell({ type: 'snapshot', snapshot: pump.snapshot() }), snapshotMs)
    await pump.ended
    clearInterval(timer)
    // Closed before the end is told: then everything is on file.
    journal.close()
    tell({ type: 'ended', snapshot: pump.snapshot() })
  } finally {
    await Promise.allSettled([source.close(), ...sinks.map((sink) => sink.close())])
  }
}

/** A second wish to stop counts only after this time, ms: a double click is one wish. */
const secondStopMs = 1_000

/** Asked to stop a second time, it does not wait for what is in flight. */
function createControl(pump: Pump, abort: AbortController): (type: 'pause' | 'resume' | 'stop') => void {
  let stoppedAt: number | null = null
  return (type) => {
    pump[type]()
    if (type !== 'stop') return
    stoppedAt ??= performance.now()
    if (performance.now() - stoppedAt > secondStopMs) abort.abort()
  }
}

const stoppedEarly = () =>
  new AppError({
    code: 'RUN_STOPPED_EARLY',
    message: 'The run was stopped before it sent anything.',
    hint: 'Start it again when you like.',
  })

async function prove(
  init: Extract<WorkerInit, { mode: 'verify' }>,
  { inbox, reach, keys, tell }: Surroundings,
): Promise<void> {
  const abort = new AbortController()
  inbox.handle((type) => type === 'stop' && abort.abort(verifyStopped()))
  const { signal } = abort
  try {
    const { report, journal } = await verify(init, {
      reach,
      keys,
      signal,
      onProgress: (verifying) => tell({ type: 'verifying', verifying }),
    })
    tell({ type: 'report', report, journal })
  } catch (thrown) {
    // Whatever it was waiting for fails in its own way when it is stopped.
    throw signal.aborted ? signal.reason : thrown
  }
}

const verifyStopped = () =>
  new AppError({
    code: 'VERIFY_STOPPED',
    message: 'Reading back was stopped, so there is no report.',
    hint: 'Press Verify to begin again; nothing is lost.',
  })
