/** Twelve pages that each follow something, for minutes, while posts flow: nothing piles up anywhere. */
import { readdir, readFile } from 'node:fs/promises'
import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram } from '../helpers/home.ts'
import { openPage, type TestPage } from '../helpers/page.ts'

const seconds = Number(process.env.SOAK_SECONDS ?? '600')
/** Until the pages are filled and their buffers full: what comes after may not grow. */
const settleMs = Math.min(60_000, seconds * 200)

let test: TestPage
const cli = async (...words: string[]) => {
  const { code, out, err } = await runProgram('cli.js', words, test.home.env)
  expect(code, err).toBe(0)
  return out
}

const paths = [
  '/',
  '/topics',
  '/topics/learner.pin',
  '/topics/learner.geo',
  '/topics/learner.user',
  '/groups',
  '/groups/pipeline-lake-this-computer',
  '/cluster',
  '/streams',
  '/streams/streaming-learner-pin',
  '/emulation',
  '/activity',
] as const

async function open(path: string): Promise<Page> {
  const page = await test.page.context().newPage()
  page.on('pageerror', (error) => test.complaints.push(`${path}: ${error}`))
  await page.goto(`${new URL(test.address).origin}/#${path}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  const tail = page.getByRole('button', { name: 'Tail', exact: true })
  if (path.split('/').length === 3 && !path.startsWith('/groups')) await tail.click()
  return page
}

interface Look {
  readonly heapsMB: readonly number[]
  readonly rssMB: number
  readonly handles: number
  readonly groups: number
}

/** The server is the one process of this folder that serves the page. */
async function look(sessions: readonly CDPSession[], pid: number): Promise<Look> {
  const heaps = []
  for (const session of sessions) {
    await session.send('HeapProfiler.collectGarbage')
    const { usedSize } = await session.send('Runtime.getHeapUsage')
    heaps.push(usedSize / 1e6)
  }
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const groups = JSON.parse(await cli('groups', 'list', '--json'))
  return {
    heapsMB: heaps,
    rssMB: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_000,
    handles: (await readdir(`/proc/${pid}/fd`)).length,
    groups: groups.length,
  }
}

beforeAll(async () => {
  test = await openPage()
  await test.page
    .getByRole('button', { name: 'Look around first' })
    .or(test.page.getByRole('link', { name: 'Look around first' }))
    .first()
    .click()
  await cli('local', 'up')
})
afterAll(() => test.close())

it(`twelve pages for ${seconds} s`, async () => {
  const pages = await Promise.all(paths.map(open))
  const sessions = await Promise.all(pages.map((page) => page.context().newCDPSession(page)))
  const { pid } = JSON.parse(await readFile(`${test.home.home}/backend.lock`, 'utf8'))
  const posts = String(seconds * 120)
  const emulating = cli('emulate', '--posts', posts, '--rate', '100', '--for', `${seconds}s`, '--batch', '20')
  const end = Date.now() + seconds * 1_000
  await new Promise((resolve) => setTimeout(resolve, settleMs))
  const first = await look(sessions, pid)
  const looks = [first]
  while (Date.now() < end - 5_000) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(1_000, (end - Date.now()) / 6)))
    looks.push(await look(sessions, pid))
  }
  await emulating
  const last = looks.at(-1) ?? first
  const told = looks.map(({ heapsMB, ...rest }) => ({
    ...rest,
    rssMB: Math.round(rest.rssMB),
    heapsMB: Math.round(heapsMB.reduce((sum, heap) => sum + heap, 0)),
  }))
  process.stdout.write(`pages: ${JSON.stringify({ pages: pages.length, looks: told })}\n`)
  // Every tail has seen records, so the pages were at work.
  for (const [nth, path] of paths.entries())
    if (path.startsWith('/topics/')) await pages[nth]?.getByText('2,000 shown', { exact: false }).waitFor()
  // Reading makes no groups: the lake's own is the only one.
  expect(last.groups).toBe(1)
  expect(last.handles).toBeLessThanOrEqual(first.handles + 10)
  expect(last.rssMB).toBeLessThan(first.rssMB * 1.3 + 30)
  const sum = (heaps: readonly number[]) => heaps.reduce((total, heap) => total + heap, 0)
  expect(sum(last.heapsMB)).toBeLessThan(sum(first.heapsMB) * 1.3 + 20)
  expect(test.complaints).toEqual([])
})
