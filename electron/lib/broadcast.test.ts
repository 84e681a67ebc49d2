import { expect, it } from 'vitest'
import { broadcast } from './broadcast.ts'

it('gives the value now, then only the newest', async () => {
  const numbers = broadcast(1)
  const watcher = numbers.watch(undefined, 1)
  expect((await watcher.next()).value).toBe(1)
  const next = watcher.next()
  numbers.set(2)
  numbers.set(3)
  expect((await next).value).toBe(3)
  await watcher.return()
})

it('ends with its signal, also while it waits', async () => {
  const ending = new AbortController()
  const watcher = broadcast('x').watch(ending.signal, 1)
  await watcher.next()
  const waiting = watcher.next()
  ending.abort()
  expect((await waiting).done).toBe(true)
})

it('lets each watcher go at its own pace', async () => {
  const value = broadcast(0)
  const [a, b] = [value.watch(undefined, 0), value.watch(undefined, 0)]
  await a.next()
  value.set(1)
  value.set(2)
  expect([(await a.next()).value, (await b.next()).value]).toEqual([2, 2])
  await Promise.all([a.return(), b.return()])
})
