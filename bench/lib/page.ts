/** The built page in a real Chromium, with what a browser knows of its frames, tasks and memory. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import { launchChromium } from '../../tests/helpers/chromium.ts'
import { startProgram, type TestHome, testHome } from '../../tests/helpers/home.ts'

/** A pipeline that only watches a broker somebody else runs. */
export const watching = (bootstrap: string) => ({
  name: 'Bench',
  kind: 'existing',
  endpoints: { bootstrap },
})

/** A throw-away folder with one pipeline of these settings. */
export async function homeWith(settings: object, id = 'bench'): Promise<TestHome> {
  const home = await testHome()
  const items = [{ id, createdAt: 1, settings }]
  await writeFile(join(home.home, 'pipelines.json'), JSON.stringify({ version: 1, active: id, items }))
  return home
}

/** Starts the web door on such a folder; it is the whole back end. */
export async function startDoor(settings: object, id?: string) {
  const home = await homeWith(settings, id)
  const web = startProgram('web.js', [], home.env)
  const [address] = await web.line(/http:\/\/127\.0\.0\.1:\d+\/#token=\S+/)
  return {
    home,
    address,
    pid: web.child.pid ?? 0,
    close: async () => {
      web.child.kill('SIGTERM')
      await web.finished
      await home.remove()
    },
  }
}

/** A page that keeps the length of each of its frames and of each long task. */
export async function openMeasured(
  address: string,
): Promise<{ readonly page: Page; close(): Promise<void> }> {
  const browser = await launchChromium()
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
  await page.addInitScript(() => {
    const seen = { frames: [] as number[], tasks: [] as number[], inputs: [] as number[], on: true }
    Reflect.set(window, 'measured', seen)
    let last = performance.now()
    const frame = (now: number) => {
      if (seen.on) seen.frames.push(now - last)
      last = now
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
    new PerformanceObserver((list) => {
      if (seen.on) for (const { duration } of list.getEntries()) seen.tasks.push(duration)
    }).observe({ type: 'longtask', buffered: true })
    new PerformanceObserver((list) => {
      for (const { duration, name } of list.getEntries()) if (name === 'keydown') seen.inputs.push(duration)
    }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit)
  })
  await page.goto(address)
  return { page, close: () => browser.close() }
}

export interface Smoothness {
  /** Between two frames, ms: the longest, and how many took more than 50 ms. */
  readonly longestFrame: number
  readonly slowFrames: number
  readonly frames: number
  /** Tasks of the page's main thread of more than 50 ms, by the clock. */
  readonly longTasks: number
  readonly longestTask: number
  /** From a key to the next frame, ms; only those of 16 ms and more are told by the browser. */
  readonly slowestKey: number
}

/** Begins anew. */
export async function startMeasuring(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = Reflect.get(window, 'measured') as Record<string, unknown>
    Object.assign(seen, { frames: [], tasks: [], inputs: [], on: true })
  })
}

export async function smoothness(page: Page): Promise<Smoothness> {
  const { frames, tasks, inputs } = await page.evaluate(
    () => Reflect.get(window, 'measured') as { frames: number[]; tasks: number[]; inputs: number[] },
  )
  return {
    longestFrame: Math.max(0, ...frames),
    slowFrames: frames.filter((ms) => ms > 50).length,
    frames: frames.length,
    longTasks: tasks.length,
    longestTask: Math.max(0, ...tasks),
    slowestKey: Math.max(0, ...inputs),
  }
}

/** The page's JavaScript heap after a forced collection, MiB. The pause of the collection is not counted as a frame of ours. */
export async function heapMiB(page: Page, cdp: CDPSession): Promise<number> {
  const measure = (on: boolean) =>
    page.evaluate((wanted) => {
      const seen = Reflect.get(window, 'measured') as { on: boolean }
      return new Promise<void>((done) => {
        if (!wanted) seen.on = false
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            seen.on = wanted
            done()
          }),
        )
      })
    }, on)
  await measure(false)
  await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  await measure(true)
  return usedSize / 1024 ** 2
}

/** The longest tasks of the page's main thread by the processor time they took, ms: what a busy machine does not change. */
export async function longestTasksOf(page: Page, work: () => Promise<void>): Promise<readonly number[]> {
  const browser = page.context().browser()
  if (browser === null) throw new Error('The page has no browser')
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  await work()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[]
  }
  const main = new Set(
    traceEvents.filter(({ args }) => args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid}/${tid}`),
  )
  return traceEvents
    .filter(({ name, pid, tid }) => /RunTask$/.test(name) && main.has(`${pid}/${tid}`))
    .map(({ tdur = 0 }) => tdur / 1_000)
    .toSorted((a, b) => b - a)
}

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** µs of processor time. */
  readonly tdur?: number
  readonly args: { readonly name?: string }
}

/** Processor time a process has used, ms. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  // In hundredths of a second on every Linux that Node runs on.
  return (Number(user) + Number(system)) * 10
}

/** Resident memory of a process, MiB. */
export async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}
