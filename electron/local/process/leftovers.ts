/** Children of an app that was killed: recorded by pid and start time, found at the next start, and ended. */
import { join } from 'node:path'
import { z } from 'zod'
import { pause } from '../../lib/broadcast.ts'
import { readJsonFile, writeJsonFile } from '../../lib/jsonFile.ts'
import { isAlive, processStart } from '../../lib/processStart.ts'

const schema = z.object({
  version: z.literal(1),
  children: z.array(z.object({ name: z.string(), pid: z.int().positive(), start: z.string() })),
})
type Child = z.infer<typeof schema>['children'][number]

export interface Leftovers {
  /** Remembers a child, so that the next start can find it. */
  record(name: string, pid: number): Promise<void>
  forget(pid: number): Promise<void>
  /** Ends what an earlier app left behind; each watches its parent and mostly is gone already. */
  end(log: (line: string) => void): Promise<void>
}

/** What a child may take to notice that its parent is gone, ms: the JVM's clean stop took 2 s (decision 3). */
const graceMs = 8_000

export function leftovers(pipelineFolder: string): Leftovers {
  const file = join(pipelineFolder, 'children.json')
  const format = { schema, version: 1 }
  let turn: Promise<unknown> = Promise.resolve()
  const read = async (): Promise<readonly Child[]> => (await readJsonFile(file, format)).value?.children ?? []
  const edit = (change: (children: readonly Child[]) => readonly Child[]): Promise<void> => {
    const work = turn.then(async () => writeJsonFile(file, { version: 1, children: change(await read()) }))
    turn = work.catch(() => {})
    return work
  }

  const endOne = async ({ name, pid, start }: Child, log: (line: string) => void): Promise<void> => {
    const until = Date.now() + graceMs
    while (await isAlive({ pid, start })) {
      if (Date.now() > until) {
        log(`Ending ${name} (process ${pid}), left by an earlier run`)
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          return
        }
      }
      await pause(50, undefined)
    }
  }

  return {
    async record(name, pid) {
      const start = await processStart(pid)
      if (start !== null) await edit((children) => [...children, { name, pid, start }])
    },
    forget: (pid) => edit((children) => children.filter((child) => child.pid !== pid)),
    async end(log) {
      const children = await read()
      if (children.length === 0) return
      await Promise.all(children.map((child) => endOne(child, log)))
      await edit((now) =>
        now.filter((child) => !children.some((gone) => gone.pid === child.pid && gone.start === child.start)),
      )
    },
  }
}
