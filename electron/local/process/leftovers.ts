/** Children of an app that was killed: recorded by pid and start time, found at the next start, and ended. */
import { join } from 'node:path'
import { z } from 'zod'
import { pause } from '../../lib/broadcast.ts'
import { readJsonFile, writeJsonFile } from '../../lib/jsonFile.ts'
import { endTree, listProcesses } from '../../lib/processes.ts'
import { isAlive, processStart } from '../../lib/processStart.ts'
import { isBrokerOf } from '../kafka/brokerCommands.ts'

const schema = z.object({
  version: z.literal(1),
  children: z.array(z.object({ name: z.string(), pid: z.int().positive(), start: z.string() })),
})
type Child = z.infer<typeof schema>['children'][number]

export interface Leftovers {
  /** Remembers a child of this app, so that the next start can find it. Resolves when it is on disk. */
  record(name: string, pid: number): Promise<void>
  forget(pid: number): Promise<void>
  /** Ends what an earlier app left behind; each watches its parent and mostly is gone already. This app's children stay. */
  end(log: (line: string) => void, signal?: AbortSignal): Promise<void>
}

/** What a child may take to notice that its parent is gone, ms: the JVM's clean stop took 2 s (decision 3). */
const graceMs = 8_000
/** After a forced end the system needs a moment, ms. */
const deathMs = 10_000

export function leftovers(pipelineFolder: string, grace: number = graceMs): Leftovers {
  const file = join(pipelineFolder, 'children.json')
  const format = { schema, version: 1 }
  const own = new Set<number>()
  let turn: Promise<unknown> = Promise.resolve()
  const read = async (): Promise<readonly Child[]> => (await readJsonFile(file, format)).value?.children ?? []
  const edit = (change: (children: readonly Child[]) => readonly Child[]): Promise<void> => {
    const work = turn.then(async () => {
      const before = await read()
      const after = change(before)
      if (after.length !== before.length) await writeJsonFile(file, { version: 1, children: after })
    })
    turn = work.catch(() => {})
    return work
  }

  /** A broker that was not recorded in time still has this pipeline's folder in its command line. */
  const strays = async (known: readonly Child[]): Promise<Child[]> => {
    const found = (await listProcesses()).filter(
      ({ pid, command }) =>
        isBrokerOf(command, pipelineFolder) && !own.has(pid) && !known.some((child) => child.pid === pid),
    )
    const children = await Promise.all(
      found.map(async ({ pid }) => ({ name: 'The broker', pid, start: (await processStart(pid)) ?? '' })),
    )
    return children.filter(({ start }) => start !== '')
  }

  const waitForEnd = async (child: Child, withinMs: number, signal?: AbortSignal): Promise<boolean> => {
    const until = Date.now() + withinMs
    while (await isAlive(child)) {
      if (Date.now() > until) return false
      signal?.throwIfAborted()
      await pause(50, signal)
    }
    return true
  }

  const endOne = async (child: Child, log: (line: string) => void, signal?: AbortSignal): Promise<void> => {
    if (await waitForEnd(child, grace, signal)) return
    log(`Ending ${child.name}, process ${child.pid}, which an earlier run left behind`)
    await endTree(child.pid)
    if (!(await waitForEnd(child, deathMs, signal))) log(`Process ${child.pid} cannot be ended`)
  }

  return {
    async record(name, pid) {
      own.add(pid)
      const start = await processStart(pid)
      if (start !== null) await edit((children) => [...children, { name, pid, start }])
    },
    async forget(pid) {
      own.delete(pid)
      await edit((children) => children.filter((child) => child.pid !== pid))
    },
    async end(log, signal) {
      await turn
      const recorded = (await read()).filter(({ pid }) => !own.has(pid))
      const children = [...recorded, ...(await strays(recorded))]
      await Promise.all(children.map((child) => endOne(child, log, signal)))
      await edit((now) =>
        now.filter((child) => !children.some((gone) => gone.pid === child.pid && gone.start === child.start)),
      )
    },
  }
}
