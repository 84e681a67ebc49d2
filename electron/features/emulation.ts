/** The contract's branch `emulation`: runs are started by a call and owned here; streams only watch them. */
import { mkdir, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Activity } from '../../shared/contract/app.ts'
import type { ContinueInput, StartInput } from '../../shared/contract/emulation.ts'
import type { RunSnapshot, RunState } from '../../shared/emulation.ts'
import { AppError } from '../../shared/errors.ts'
import { kinds } from '../../shared/names.ts'
import { builtinPresets, type Preset } from '../../shared/presets.ts'
import type { WhoseKeys } from '../clients/aws/types.ts'
import type { KafkaSecurity } from '../clients/kafka/security.ts'
import type { PackedTarget } from '../clients/ssh/crossing.ts'
import { previewRecords } from '../emulator/preview.ts'
import { asFound, emptySnapshot, isOver } from '../emulator/runs/assemble.ts'
import { diskLook, watchDisk } from '../emulator/runs/disk.ts'
import { moved, watchMoves } from '../emulator/runs/moved.ts'
import { openRun, type Run } from '../emulator/runs/run.ts'
import { listRunFiles, readRunFile } from '../emulator/runs/runFile.ts'
import { readCredentials } from '../emulator/sources/credentials.ts'
import type { Targets } from '../emulator/targets.ts'
import { networkOf } from '../lib/network.ts'
import { newRunId } from '../lib/runId.ts'
import type { Folders } from '../platform.ts'
import { dataFolders } from './dataParts.ts'
import type { ActivityLog, SettingsStore } from './deps.ts'
import { complete, noRun, otherNames, presetTaken, stillRunning } from './emulationErrors.ts'
import { endText } from './emulationTexts.ts'
import type { NamedItems } from './namedItems.ts'
import { api } from './rpc.ts'
import { type RunNeeds, runNeeds } from './runNeeds.ts'
import { databaseSecret } from './secretNames.ts'
import type { SecretStore } from './secretStore.ts'

export interface EmulationDeps {
  readonly folders: Pick<Folders, 'home' | 'entries'>
  readonly settings: SettingsStore
  /** Where the pipeline's parts are now; throws AppError for an unknown pipeline. */
  readonly targets: (pipeline: string) => Targets | Promise<Targets>
  /** The machine that the targets are reached through; null reaches all straight. Throws AppError HOST_NONE, SSH_…. */
  readonly machine: (pipeline: string, targets: Targets) => Promise<PackedTarget | null>
  /** How its Kafka is spoken to; null in clear. Throws AppError KAFKA_…. */
  readonly kafkaSecurity: (pipeline: string) => Promise<KafkaSecurity | null>
  /** Whose keys sign for Kinesis and for the gateway. */
  readonly awsKeys: (pipeline: string) => WhoseKeys
  /** Calls `listener` whenever they may have moved; answers how to leave. */
  readonly onTargets: (pipeline: string, listener: () => void) => () => void
  readonly activity: ActivityLog
  readonly secrets: Pick<SecretStore, 'get' | 'hold' | 'remember'>
  readonly presets: NamedItems<Preset>
}

/** What the rest of the app asks of the emulations. */
export interface EmulationRuns {
  /** Ids of the runs that send or verify now, for the question asked when the app is closed. */
  working(): string[]
  /** The run that works now or worked last, of this session; null if there was none. */
  latest(pipeline: string): Run | null
  /** Stops all at a record's boundary and waits until their files say so. */
  stopAll(): Promise<void>
}

export function emulationFeature(deps: EmulationDeps) {
  const runs = new Map<string, Run>()
  const workerFile = join(deps.folders.entries, 'pumpWorker.mjs')
  const runsFolder = (pipeline: string) => join(deps.folders.home, 'pipelines', pipeline, 'runs')

  const { keep, passwordFor, targetsFor, wayFor, prepare } = runNeeds(deps)
  const stopWhenMoved = (run: Run, mode: 'run' | 'verify', targets: Targets) => {
    const { pipeline, options } = run.snapshot
    const stopWatching = watchMoves(
      async () => moved(mode, options.sinks, targets, await deps.targets(pipeline)),
      (listener) => deps.onTargets(pipeline, listener),
      (problem) => run.stop(problem),
    )
    void run.settled().then(stopWatching)
  }
  const network = () => networkOf(deps.settings.get())

  const find = async (pipeline: string, runId: string): Promise<Run> => {
    const known = runs.get(runId)
    if (known && known.snapshot.pipeline === pipeline) return known
    const folder = join(runsFolder(pipeline), runId)
    const { value: file, problem } = await readRunFile(folder)
    if (problem) throw new AppError(problem)
    const other = runs.get(runId)
    if (other && other.snapshot.pipeline === pipeline) return other
    if (file === null || file.snapshot.pipeline !== pipeline) throw noRun(runId)
    const run = openRun(workerFile, folder, { ...file, snapshot: asFound(file.snapshot) })
    runs.set(runId, run)
    return run
  }

  const lookAt = (pipeline: string, folder: string) =>
    diskLook({
      folder,
      data: dataFolders(deps.folders.home, pipeline),
      limits: () => deps.settings.get(),
    })
  /** Lets the run work, and sees to it that it stops where it must. */
  const work = async (
    run: Run,
    before: RunSnapshot | null,
    { targets, way, secrets, live }: RunNeeds,
    text: string,
  ) => {
    const { pipeline, runId, options } = run.snapshot
    const { folder } = run
    run.begin(
      { mode: 'run', options, targets, ...way, network: await network(), folder, before },
      secrets,
      live,
    )
    stopWhenMoved(run, 'run', targets)
    const stopWatching = watchDisk(lookAt(pipeline, folder), (problem) => run.stop(problem))
    deps.activity.add(activityOf(pipeline, 'info', `Emulation ${runId} ${text}`))
    noteEnd(run, stopWatching)
  }

  /** Once it has come to its end, of posting or of reading back. */
  const noteEnd = (run: Run, andThen = () => {}) => {
    const began = Date.now()
    void run.settled().then(() => {
      andThen()
      const { pipeline, runId } = run.snapshot
      const { level, text, hint } = endText(run.snapshot)
      const ended = { path: `emulation/${encodeURIComponent(runId)}`, tookMs: Date.now() - began }
      deps.activity.add({ ...activityOf(pipeline, level, text), hint, ended })
    })
  }

  const start = async (input: StartInput): Promise<Run> => {
    const { pipeline, options } = input
    const prepared = await prepare(options, input)
    const { targets } = prepared
    const startedAt = Date.now()
    const runId = newRunId(startedAt)
    const folder = join(runsFolder(pipeline), runId)
    await mkdir(folder, { recursive: true })
    const full = await lookAt(pipeline, folder)()
    if (full) {
      // The run never began: its empty folder is no run.
      await rmdir(folder).catch(() => undefined)
      throw new AppError(full)
    }
    const run = openRun(workerFile, folder, {
      version: 1,
      snapshot: emptySnapshot(runId, pipeline, options, startedAt),
      topics: targets.topics,
      streams: targets.streams,
      start: null,
      endedBy: null,
    })
    runs.set(runId, run)
    await work(run, null, prepared, 'began')
    return run
  }

  const goOn = async (input: ContinueInput): Promise<Run> => {
    const { pipeline, runId } = input
    const run = await find(pipeline, runId)
    if (!isOver(run.snapshot)) throw stillRunning(runId)
    await run.settled()
    const before = run.snapshot
    if (before.state === 'done') throw complete(runId)
    const prepared = await prepare(before.options, input)
    const { topics, streams } = run.file
    if (!sameNames(prepared.targets, { topics, streams })) throw otherNames(runId)
    const full = await lookAt(pipeline, run.folder)()
    if (full) throw new AppError(full)
    await work(run, before, prepared, 'goes on where it was interrupted')
    return run
  }

  const verify = async (run: Run): Promise<void> => {
    const { snapshot, topics, streams, start: began } = run.file
    const later = (await listRunFiles(runsFolder(snapshot.pipeline))).filter(
      (file) => file.snapshot.startedAt > snapshot.startedAt,
    )
    const next = later.at(-1)
    const targets = { ...(await deps.targets(snapshot.pipeline)), topics, streams }
    const { way, secrets, live } = await wayFor(snapshot.pipeline, targets, snapshot.options.sinks)
    run.begin(
      {
        mode: 'verify',
        folder: run.folder,
        targets,
        ...way,
        network: await network(),
        sinks: snapshot.options.sinks,
        startedAt: snapshot.startedAt,
        start: began,
        next: next ? { startedAt: next.snapshot.startedAt, start: next.start } : null,
      },
      secrets,
      live,
    )
    stopWhenMoved(run, 'verify', targets)
    noteEnd(run)
  }

  /** Only where the run is in the state in which the call does something. */
  const note = ({ snapshot: { state, pipeline, runId } }: Run, when: RunState, text: string) => {
    if (state === when) deps.activity.add(activityOf(pipeline, 'info', `Emulation ${runId} ${text}`))
  }

  const e = api.emulation
  const router = {
    preview: e.preview.handler(async ({ input, signal }) =>
      previewRecords({
        options: input.options,
        targets: await targetsFor(input.pipeline, input.gatewayAccess),
        network: await network(),
        folder: join(runsFolder(input.pipeline), '<run>'),
        password: await passwordFor(input.options, input.password),
        signal: signal ?? new AbortController().signal,
      }),
    ),
    start: e.start.handler(async ({ input }) => {
      return (await start(input)).snapshot
    }),
    continue: e.continue.handler(async ({ input }) => (await goOn(input)).snapshot),
    pause: e.pause.handler(async ({ input }) => {
      const run = await find(input.pipeline, input.runId)
      note(run, 'running', 'is paused')
      return told(run, 'pause')
    }),
    resume: e.resume.handler(async ({ input }) => {
      const run = await find(input.pipeline, input.runId)
      note(run, 'paused', 'goes on')
      return told(run, 'resume')
    }),
    stop: e.stop.handler(async ({ input }) => {
      const run = await find(input.pipeline, input.runId)
      run.stop()
      return run.snapshot
    }),
    get: e.get.handler(async ({ input }) => (await find(input.pipeline, input.runId)).snapshot),
    watch: e.watch.handler(async function* ({ input, signal }) {
      yield* (await find(input.pipeline, input.runId)).watch(signal)
    }),
    list: e.list.handler(async ({ input }) => {
      const files = await listRunFiles(runsFolder(input.pipeline))
      const onDisk = await Promise.all(files.map((file) => find(input.pipeline, file.snapshot.runId)))
      // A run that has just begun may not have its file yet.
      const known = [...runs.values()].filter(({ snapshot }) => snapshot.pipeline === input.pipeline)
      return [...new Set([...onDisk, ...known])].map((run) => run.snapshot)
    }),
    verify: e.verify.handler(async ({ input }) => {
      const run = await find(input.pipeline, input.runId)
      if (!isOver(run.snapshot)) throw stillRunning(input.runId)
      // Over means its numbers are final; its worker may need a moment more to be gone.
      await run.settled()
      await verify(run)
      return run.snapshot
    }),
    presets: e.presets.handler(() => deps.presets.list()),
    savePreset: e.savePreset.handler(({ input }) => {
      if (builtinPresets.some(({ name }) => name === input.name)) throw presetTaken(input.name)
      return deps.presets.save(input)
    }),
    forgetPreset: e.forgetPreset.handler(({ input }) => deps.presets.forget(input.name)),
    importCredentials: e.importCredentials.handler(async ({ input }) => {
      const { password, ...credentials } = readCredentials(input.text)
      if (password) await keep(databaseSecret(credentials), password, input.remember)
      return { ...credentials, hasPassword: password !== null }
    }),
  }
  return { router, runs: runsOf(runs) }
}

function runsOf(runs: ReadonlyMap<string, Run>): EmulationRuns {
  const busy = () => [...runs.values()].filter((run) => run.busy)
  return {
    working: () => busy().map((run) => run.snapshot.runId),
    latest: (pipeline) =>
      [...runs.values()]
        .filter((run) => run.snapshot.pipeline === pipeline)
        .reduce<Run | null>(
          (last, run) => (last && last.snapshot.startedAt >= run.snapshot.startedAt ? last : run),
          null,
        ),
    stopAll: async () => {
      await Promise.all([...runs.values()].map((run) => run.close()))
    },
  }
}

function told(run: Run, type: 'pause' | 'resume') {
  run.tell(type)
  return run.snapshot
}

const activityOf = (pipeline: string, level: Activity['level'], text: string) => ({
  level,
  area: 'emulation',
  pipeline,
  text,
  hint: null,
})

/** What the journal says is about the names of then. */
function sameNames(now: Pick<Targets, 'topics' | 'streams'>, then: Pick<Targets, 'topics' | 'streams'>) {
  return kinds.every(
    (kind) => now.topics[kind] === then.topics[kind] && now.streams[kind] === then.streams[kind],
  )
}
