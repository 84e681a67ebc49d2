import { expect, it } from 'vitest'
import { isUp, levelOf, logClock, logText, lookOf, matching } from './serviceLook.ts'

it.each([
  ['active', 'running', 'good', 'active (running)', true],
  ['activating', 'auto-restart', 'bad', 'activating (auto-restart)', true],
  ['activating', 'start', 'working', 'activating (start)', true],
  ['failed', 'failed', 'bad', 'failed', false],
  ['inactive', 'dead', 'off', 'inactive (dead)', false],
  ['maintenance', '', 'warn', 'maintenance', true],
] as const)('a service that is %s, %s', (state, subState, dot, words, up) => {
  expect(lookOf({ state, subState })).toEqual({ dot, words })
  expect(isUp({ state })).toBe(up)
})

it.each([
  ['ERROR KafkaServer Fatal error', 'bad'],
  ['[WARN] slow', 'warn'],
  ['no error here', 'plain'],
  ['INFO ready', 'plain'],
] as const)('the level of %s', (text, level) => {
  expect(levelOf(text)).toBe(level)
})

const line = (text: string, over = {}) => ({ at: 0, service: 'kafka' as const, system: false, text, ...over })

it('lines are written with date and service, and filtered whatever the case', () => {
  expect(logText([line('a'), line('b', { service: 'gateway', system: true })])).toBe(
    '1970-01-01T00:00:00.000Z kafka a\n1970-01-01T00:00:00.000Z gateway systemd: b\n',
  )
  expect(matching([line('An ERROR'), line('fine')], ' error ').map(({ text }) => text)).toEqual(['An ERROR'])
  expect(matching([line('fine')], ' ')).toHaveLength(1)
  expect(logClock(new Date(2026, 0, 2, 3, 4, 5, 6).getTime())).toBe('03:04:05.006')
})
