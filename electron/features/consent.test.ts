import { expect, it } from 'vitest'
import { type ConsentRequest, deletes } from '../../shared/contract/app.ts'
import { consentDesk } from './consent.ts'

const request: ConsentRequest = { action: 'topics.remove', pipeline: 'p', names: ['a', 'b'] }
const desk = (now = () => 0) => {
  const made = consentDesk({ consent: async (question, typed) => typed === question.typed }, now)
  made.describe('topics.remove', async ({ names }) => ({
    title: 'Delete?',
    ...deletes,
    losses: names,
    typed: names[0] ?? '',
  }))
  return made
}

it('gives a token that works once, for exactly what was shown', async () => {
  const consent = desk()
  const token = (await consent.ask(request, 'a')) ?? ''
  await consent.redeem(token, structuredClone(request))
  await expect(consent.redeem(token, request)).rejects.toMatchObject({ code: 'CONSENT_NEEDED' })
})

it('is not fooled by a longer list, another action, or a made-up token', async () => {
  const consent = desk()
  for (const other of [
    { ...request, names: ['a', 'b', 'c'] },
    { ...request, action: 'streams.remove' as const },
    { ...request, pipeline: 'q' },
  ]) {
    const token = (await consent.ask(request, 'a')) ?? ''
    await expect(consent.redeem(token, other)).rejects.toMatchObject({ code: 'CONSENT_NEEDED' })
  }
  await expect(consent.redeem('x'.repeat(32), request)).rejects.toMatchObject({ code: 'CONSENT_NEEDED' })
})

it('runs out', async () => {
  let time = 0
  const consent = desk(() => time)
  const token = (await consent.ask(request, 'a')) ?? ''
  time = 120_001
  await expect(consent.redeem(token, request)).rejects.toMatchObject({ code: 'CONSENT_NEEDED' })
})

it('is refused where the name was not typed', async () => {
  expect(await desk().ask(request, 'A')).toBeNull()
})
