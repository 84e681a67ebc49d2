import { expect, it } from 'vitest'
import { type Running, supervisor } from './supervisor.ts'

function child() {
  let end: (reason: string) => void = () => {}
  const ended = new Promise<string>((resolve) => {
    end = resolve
  })
  const running: Running = { pid: 1, address: {}, ended, stop: async () => end('stopped') }
  return { running, end }
}

const never = new AbortController().signal

it('restarts what ends by itself, and not what was stopped', async () => {
  const children = [child(), child()]
  let starts = 0
  let changed = () => {}
  const supervised = supervisor({
    name: 'It',
    start: async () => children[starts++]?.running ?? Promise.reject(new Error('no more')),
    onChange: () => changed(),
    log: () => {},
  })
  await supervised.start(never)
  expect((await supervised.start(never)).pid).toBe(1)
  expect(starts).toBe(1)
  const again = new Promise<void>((resolve) => {
    changed = () => {
      if (starts === 2 && supervised.running() !== null) resolve()
    }
  })
  children[0]?.end('crashed')
  await again
  expect(supervised.problem()).toBeNull()
  await supervised.stop()
  expect(supervised.running()).toBeNull()
  expect(starts).toBe(2)
})

it('gives up with the reason when it keeps failing', async () => {
  const first = child()
  let starts = 0
  let changed = () => {}
  const supervised = supervisor({
    name: 'It',
    start: async () => {
      starts += 1
      if (starts === 1) return first.running
      throw new Error(`disk full`)
    },
    onChange: () => changed(),
    log: () => {},
  })
  await supervised.start(never)
  const givenUp = new Promise<void>((resolve) => {
    changed = () => {
      if (supervised.problem()?.code === 'CHILD_GIVEN_UP') resolve()
    }
  })
  first.end('crashed')
  await givenUp
  expect(supervised.problem()?.message).toContain('disk full')
  expect(starts).toBe(5)
})

it('keeps down what an incident holds, whoever wants to start it, and starts it again when released', async () => {
  const children = [child(), child(), child()]
  let starts = 0
  const supervised = supervisor({
    name: 'It',
    start: async () => children[starts++]?.running ?? Promise.reject(new Error('no more')),
    onChange: () => {},
    log: () => {},
  })
  const reason = { code: 'INCIDENT_ON', message: 'Practising.', hint: 'Wait.' }
  await expect(supervised.hold(reason)).rejects.toMatchObject({ code: 'STACK_STOPPED' })
  await supervised.start(never)
  await supervised.hold(reason)
  expect([supervised.running(), supervised.problem(), supervised.held()]).toEqual([null, reason, reason])
  expect(supervised.wanted()).toBe(true)
  await expect(supervised.start(never)).rejects.toMatchObject({ code: 'INCIDENT_ON' })
  await supervised.release()
  expect(supervised.running()).not.toBeNull()
  expect([supervised.problem(), supervised.held(), starts]).toEqual([null, null, 2])
  // A stop ends the incident too, and a start is then as usual.
  await supervised.hold(reason)
  await supervised.stop()
  expect([supervised.held(), supervised.problem(), supervised.wanted()]).toEqual([null, null, false])
  await supervised.release()
  expect(supervised.running()).toBeNull()
  await supervised.start(never)
  expect(starts).toBe(3)
})
