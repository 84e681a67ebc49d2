import { expect, it } from 'vitest'
import { pipelineSettingsSchema } from '../../shared/settings.ts'
import { changesBetween, wantedOf } from './parts.ts'

const at = { bootstrap: '127.0.0.1:1', endpoint: 'http://127.0.0.1:2' }
const names = {
  topics: { pin: 'a.pin', geo: 'a.geo', user: 'a.user' },
  streams: { pin: 'p', geo: 'g', user: 'u' },
}
const pipeline = (more: object = {}) => ({
  names,
  settings: pipelineSettingsSchema.parse({ name: 'x', ...more }),
})

it('sees which settings need a restart, and of which part', () => {
  const before = pipeline()
  const after = pipeline({
    gateway: { stage: 'test' },
    topics: { partitions: 3 },
    streams: { enforceLimits: false },
  })
  const changes = (part: 'broker' | 'kinesis' | 'stack') =>
    changesBetween(wantedOf(part, before, at), wantedOf(part, after, at))
  expect(changes('broker')).toEqual([])
  expect(changes('kinesis')).toEqual([{ target: 'limits as on AWS', before: 'on', after: 'off' }])
  expect(changes('stack')).toEqual([{ target: 'stage', before: '', after: 'test' }])
})

it('restarts gateway and lake where the broker moved', () => {
  const wanted = (bootstrap: string) => wantedOf('stack', pipeline(), { ...at, bootstrap })
  expect(changesBetween(wanted('127.0.0.1:1'), wanted('127.0.0.1:9')).map(({ target }) => target)).toEqual([
    'bootstrap',
  ])
})
