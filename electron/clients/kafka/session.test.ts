import { expect, it } from 'vitest'
import { createSession } from './session.ts'

it('signs in before the first request, and again only when its time has come', async () => {
  let time = 0
  let signedIn = 0
  const session = createSession(
    async () => {
      signedIn += 1
      return 1_000
    },
    () => time,
  )
  await session.ready()
  expect(signedIn).toBe(1)
  time = 799
  expect(session.ready()).toBeNull()
  time = 5_000
  await session.ready()
  expect(signedIn).toBe(2)
})

it('everybody waits for one sign-in, and one that failed is tried again', async () => {
  const turns: PromiseWithResolvers<number>[] = []
  const session = createSession(() => {
    const turn = Promise.withResolvers<number>()
    turns.push(turn)
    return turn.promise
  })
  const waiting = [session.ready(), session.ready()]
  expect(turns).toHaveLength(1)
  turns[0]?.reject(new Error('no'))
  for (const each of waiting) await expect(each).rejects.toThrow('no')
  const again = session.ready()
  turns[1]?.resolve(0)
  await again
  expect(session.ready()).toBeNull()
  expect(turns).toHaveLength(2)
})
