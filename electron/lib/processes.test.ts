import { spawn } from 'node:child_process'
import { expect, it } from 'vitest'
import { endTree, listProcesses } from './processes.ts'

it('ends a program with what it started', async () => {
  const inner = 'setInterval(() => {}, 1000)'
  const outer = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(inner)}, 'inner-of-tree'], { stdio: 'ignore' }).once('spawn', () => process.stdout.write('up'))`
  const child = spawn(process.execPath, ['-e', outer, 'outer-of-tree'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const ours = (await listProcesses()).filter((row) => row.parent === child.pid)
  expect(ours.map((row) => row.command)).toEqual([expect.stringContaining('inner-of-tree')])

  await endTree(child.pid ?? 0)
  if (process.platform !== 'win32') expect(await ended).toBe('SIGKILL')
  await expect
    .poll(async () => (await listProcesses()).some((row) => row.pid === ours[0]?.pid), { timeout: 5_000 })
    .toBe(false)
})
