import { describe, expect, it } from 'vitest'
import { pipelineSettingsSchema } from '../../../shared/settings.ts'
import { instance } from './awsLooks.ts'
import { judgeAdvertised } from './brokerLooks.ts'

describe('judgeAdvertised', () => {
  const given = [{ host: '10.0.0.5', port: 9_092 }]
  const at = (host: string, why: string | null = null) => ({ at: { host, port: 9_092 }, why })
  const here = { given, from: 'this computer', direct: true }
  const there = { given, from: 'the machine', direct: false }

  it('good where all open', () => {
    expect(judgeAdvertised([at('10.0.0.5'), at('10.0.0.6')], here)).toMatchObject({ state: 'good' })
  })
  it('bad where none opens, a look where some do not', () => {
    expect(judgeAdvertised([at('b-1', 'the name has no address')], there)).toMatchObject({
      state: 'bad',
      faults: ['F-09', 'F-19'],
      problem: { code: 'DOCTOR_ADVERTISED_CLOSED' },
    })
    expect(judgeAdvertised([at('10.0.0.5'), at('b-2', 'nobody answers')], there)).toMatchObject({
      state: 'warn',
      text: '10.0.0.5:9092 opens from the machine',
    })
  })
  it('localhost leads everybody to themselves, also where something answers there', () => {
    expect(judgeAdvertised([at('localhost')], here)).toMatchObject({
      state: 'bad',
      problem: { code: 'DOCTOR_ADVERTISED_SELF' },
    })
    expect(judgeAdvertised([at('localhost')], there)).toMatchObject({ state: 'warn' })
    const own = { ...here, given: [{ host: 'localhost', port: 9_092 }] }
    expect(judgeAdvertised([at('localhost')], own)).toMatchObject({ state: 'good' })
  })
})

describe('instance', () => {
  const id = 'i-0123456789abcdef0'
  const found = {
    id,
    name: 'kafka host',
    state: 'running',
    type: 't3.small',
    architecture: 'x86_64',
    zone: '',
    image: '',
    keyName: null,
    publicAddress: '203.0.113.7',
    privateAddress: '10.0.0.5',
    launchedAt: null,
    tags: {},
    groups: [],
  }
  const settings = (host: string) =>
    pipelineSettingsSchema.parse({ name: 'x', kind: 'existing', host: host === '' ? null : { host } })

  it.each(['', '203.0.113.7', '10.0.0.5', 'ec2-203-0-113-7.compute-1.amazonaws.com', 'kafka.example.org'])(
    'good at its own address or a name that may be its: %s',
    (host) => expect(instance(id, found, settings(host))).toMatchObject({ state: 'good' }),
  )
  it.each(['203.0.113.8', 'ec2-203-0-113-8.compute-1.amazonaws.com'])('moved (F-04): %s', (host) =>
    expect(instance(id, found, settings(host))).toMatchObject({ state: 'warn', faults: ['F-04'] }),
  )
  it('gone, stopped, starting', () => {
    expect(instance(id, undefined, settings(''))).toMatchObject({ state: 'bad' })
    expect(instance(id, { ...found, state: 'stopped' }, settings(''))).toMatchObject({
      state: 'bad',
      action: { kind: 'startInstance', instance: id },
    })
    expect(instance(id, { ...found, state: 'stopping' }, settings(''))).toMatchObject({ action: null })
    expect(instance(id, { ...found, state: 'pending' }, settings(''))).toMatchObject({ state: 'warn' })
  })
})
