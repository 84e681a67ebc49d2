import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { openFor } from './openFor.ts'
import { secret } from './secret.ts'

/** Asks for each name in turn, says what it got, and has nothing more to do. */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
import(workerData.module).then(({ received }) => {
  parentPort.once('message', async (message) => {
    const { secrets, live } = received(message)
    const got = [secrets.kept.reveal(), String(secrets.kept)]
    for (const name of workerData.names) {
      got.push(await live(name).then((value) => value.reveal(), ({ code, message }) => code + ': ' + message))
    }
    parentPort.postMessage(got)
  })
})`

it('a worker gets what is kept at once and what ends soon anew each time; it is not kept alive by that', async () => {
  const module = new URL('openFor.ts', import.meta.url).href
  const worker = new Worker(program, {
    eval: true,
    workerData: { module, names: ['soon', 'soon', 'failing', 'unknown'] },
  })
  let asked = 0
  openFor(
    worker,
    { kept: secret('one') },
    {
      soon: async () => {
        asked += 1
        return secret(`number ${asked}`)
      },
      failing: () => Promise.reject(new AppError({ code: 'AWS_KEYS_EXPIRED', message: 'over', hint: '' })),
    },
  )
  const ended = once(worker, 'exit')
  const [got] = await once(worker, 'message')
  expect(got).toEqual([
    'one',
    '[REDACTED]',
    'number 1',
    'number 2',
    'AWS_KEYS_EXPIRED: over',
    'SECRET_UNKNOWN: This thread was not given the right to ask for: unknown',
  ])
  expect(await ended).toEqual([0])
})
