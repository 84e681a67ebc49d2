import { expect, it } from 'vitest'
import type { Doctor } from '../../../shared/contract/doctor.ts'
import { AppError } from '../../../shared/errors.ts'
import { notUsed, type Part, runChain, single } from './chain.ts'

const never = new AbortController().signal
const good = { state: 'good', text: 'yes' } as const

async function last(parts: readonly Part[], signal = never): Promise<Doctor | undefined> {
  let now: Doctor | undefined
  for await (const each of runChain(parts, signal)) now = each
  return now
}
const states = (found: Doctor | undefined) => found?.links.map(({ id, state }) => [id, state])

it('looks at each in turn; what needs a bad one is skipped, also further on, and the rest goes on', async () => {
  const order: string[] = []
  const part = (id: Parameters<typeof single>[0], needs: Parameters<typeof single>[1], fails = false) =>
    single(id, needs, async () => {
      order.push(id)
      if (fails) throw new AppError({ code: 'SSH_AUTH', message: 'no', hint: 'do' })
      return good
    })
  const found = await last([
    notUsed(['credentials'], 'none'),
    part('tcp', ['credentials']),
    part('signIn', ['tcp'], true),
    part('kafkaUnit', ['signIn']),
    part('proxy', ['kafkaUnit']),
    part('brokerPort', []),
  ])
  expect(order).toEqual(['tcp', 'signIn', 'brokerPort'])
  expect(states(found)).toEqual([
    ['credentials', 'unused'],
    ['tcp', 'good'],
    ['signIn', 'bad'],
    ['kafkaUnit', 'skipped'],
    ['proxy', 'skipped'],
    ['brokerPort', 'good'],
  ])
  expect(found?.links[2]).toMatchObject({ faults: ['F-01'], problem: { code: 'SSH_AUTH', hint: 'do' } })
  expect(found?.links[3]?.text).toBe('not looked at: needs Sign-in')
})

it('work that ends at a bad link of its own leaves the others skipped', async () => {
  const way: Part = {
    links: ['key', 'tcp', 'hostKey'],
    needs: () => [],
    unused: null,
    limitMs: 60_000,
    look: async (tell) => {
      tell('key', good)
      tell('key', { state: 'bad', text: 'said before' })
      tell('tcp', { state: 'bad', text: 'closed' })
    },
  }
  expect(states(await last([way]))).toEqual([
    ['key', 'good'],
    ['tcp', 'bad'],
    ['hostKey', 'skipped'],
  ])
})

it('what does not answer is bad when its time is up, and is told to stop', async () => {
  let stopped = false
  const silent = single(
    'proxy',
    [],
    (signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          stopped = true
        })
      }),
    1,
  )
  const found = await last([silent, single('topics', [], async () => good)])
  expect(states(found)).toEqual([
    ['proxy', 'bad'],
    ['topics', 'good'],
  ])
  expect(found?.links[0]).toMatchObject({ problem: { code: 'DOCTOR_TIMEOUT' }, faults: ['F-30'] })
  expect(stopped).toBe(true)
})

it('ends with its reader: nothing further is looked at', async () => {
  const control = new AbortController()
  let looked = false
  const parts = [
    single('tcp', [], async (signal) => {
      queueMicrotask(() => control.abort())
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }),
    single('topics', [], async () => {
      looked = true
      return good
    }),
  ]
  const found = await last(parts, control.signal)
  expect(found?.done ?? false).toBe(false)
  expect(looked).toBe(false)
})
