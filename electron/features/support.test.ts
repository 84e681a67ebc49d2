import { expect, it } from 'vitest'
import { anonymous } from './support.ts'

const person = { home: '/home/maria', name: 'maria' }

it('takes out names, keys and whatever is shaped like one', () => {
  const text = [
    'at /home/maria/.pipeline-control/log, owner maria',
    'proxy http://me:hunter22@10.0.0.1:3128',
    'key AKIAIOSFODNN7EXAMPLE, secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"',
    'and alone wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'session FwoGZXIvYXdzEBYaDHqa0AP1234567890abcdefghijklmnop',
  ].join('\n')
  const clean = anonymous(text, person)
  for (const bad of ['maria', 'hunter22', 'AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI', 'FwoGZXIvYXdz'])
    expect(clean).not.toContain(bad)
  expect(clean).toContain('at ~/.pipeline-control/log, owner user')
})

it('leaves what helps: numbers, words that hold the name, paths, ids of topics', () => {
  const text =
    'marianne, sequence 49680519670050048038021406773260279209587497354, learner.pin, /opt/kafka/4.3.1/libs'
  expect(anonymous(text, person)).toBe(text)
})
