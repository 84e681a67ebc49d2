/** A background owner of a throw-away folder, driven over its socket like any later door. */
import { join } from 'node:path'
import type { ContractRouterClient } from '@orpc/contract'
import { attach } from '../../electron/host/attach.ts'
import { socketPath } from '../../electron/lib/backendLock.ts'
import type { PlanAction } from '../../shared/contract/plan.ts'
import type { Contract } from '../../shared/contract.ts'
import type { EmulationInput, RunSnapshot } from '../../shared/emulation.ts'
import { startProgram, type TestHome, testHome } from './home.ts'

export type Client = ContractRouterClient<Contract>
export const pipeline = 'this-computer'

export interface TestOwner {
  readonly client: Client
  readonly home: TestHome
  readonly pid: number
  /** `kill -9`. */
  kill(): Promise<void>
  /** Ends it cleanly; the folder stays. */
  stop(): Promise<void>
}

/** Starts the built owner and attaches to it. Ports are chosen by the system, so that tests never meet. */
export async function startOwner(given?: TestHome): Promise<TestOwner> {
  const home = given ?? (await testHome())
  const { child, finished } = startProgram(join('entries', 'owner.mjs'), [], home.env)
  const until = Date.now() + 20_000
  const connected = await (async () => {
    for (;;) {
      const found = await attach(socketPath(home.home)).catch(() => null)
      if (found !== null) return found
      if (child.exitCode !== null || Date.now() > until)
        throw new Error(`The owner did not start: ${(await finished).err}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  const { client } = connected
  const item = (await client.pipelines.list()).items[0]
  if (item !== undefined && item.settings.ports.kafka !== 0) {
    await client.pipelines.update({
      pipeline,
      settings: { ...item.settings, ports: { kafka: 0, kinesis: 0, gateway: 0 } },
    })
  }
  const ended = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await finished
    connected.close()
  }
  return { client, home, pid: child.pid ?? 0, kill: () => ended('SIGKILL'), stop: () => ended('SIGTERM') }
}

/** Runs the plan to its end. Throws with the failed step's reason. */
export async function plan(client: Client, action: PlanAction): Promise<void> {
  const of = { pipeline, plan: 'local' as const }
  let state = await client.plan.start({ ...of, action })
  if (state.running !== null) {
    for await (const next of await client.plan.watch(of)) {
      state = next
      if (state.running === null) break
    }
  }
  const failed = state.steps.find((step) => step.problem !== null)
  if (state.outcome !== 'done')
    throw new Error(`${action} ${state.outcome}: ${failed?.title} ${failed?.problem?.message}`)
}

const over = (snapshot: RunSnapshot) => ['done', 'stopped', 'failed', 'interrupted'].includes(snapshot.state)

/** Follows a run until it is over; `seen` may act on the way. */
export async function followRun(
  client: Client,
  runId: string,
  seen: (snapshot: RunSnapshot) => void = () => {},
): Promise<RunSnapshot> {
  for await (const snapshot of await client.emulation.watch({ pipeline, runId })) {
    seen(snapshot)
    if (over(snapshot)) return snapshot
  }
  throw new Error('The run’s stream ended before the run')
}

/** Starts a run and follows it to its end and through its report. */
export async function runAndVerify(
  client: Client,
  options: EmulationInput,
  seen?: (snapshot: RunSnapshot) => void,
): Promise<RunSnapshot> {
  const { runId } = await client.emulation.start({ pipeline, options: options as never })
  await followRun(client, runId, seen)
  await client.emulation.verify({ pipeline, runId })
  return followRun(client, runId)
}
