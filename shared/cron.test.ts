import { expect, it } from 'vitest'
import { readCron } from './cron.ts'

it.each([
  ['@daily', 1_440],
  ['@hourly', 60],
  ['0 6 * * *', 1_440],
  ['0 6,18 * * *', 720],
  ['*/5 * * * *', 5],
  ['* * * * *', 1],
  ['0 8-17 * * mon-fri', 60],
  ['58,2 * * * *', 4],
  ['5/20 * * jan *', 20],
  // Sunday is 0 and 7.
  ['0 0 * * 7', 1_440],
  ['@midnight', 1_440],
  ['@annually', 1_440],
  // Past the end it goes on at the beginning.
  ['0 22-2 * * *', 60],
  ['5-1 * * * *', 1],
  ['0 0 * * fri-sun', 1_440],
  ['0 0 L * *', 1_440],
  ['0 0 * * mon#1', 1_440],
  ['0 0 ? * ?', 1_440],
])('reads %s', (text, minutes) => {
  expect(readCron(text)).toEqual({ kind: 'every', minutes })
})

it.each([
  ['0 0 6 * * *', { kind: 'fields', count: 6 }],
  ['0 0 6 * * ? 2026', { kind: 'fields', count: 7 }],
  ['daily', { kind: 'fields', count: 1 }],
  ['', { kind: 'fields', count: 1 }],
  ['60 * * * *', { kind: 'unreadable', field: '60' }],
  ['* 24 * * *', { kind: 'unreadable', field: '24' }],
  ['*/0 * * * *', { kind: 'unreadable', field: '*/0' }],
  ['? * * * *', { kind: 'unreadable', field: '?' }],
  ['0 L * * *', { kind: 'unreadable', field: 'L' }],
  ['0 0 * * monday', { kind: 'unreadable', field: 'monday' }],
  ['* * * foo *', { kind: 'unreadable', field: 'foo' }],
])('says what is wrong with %s', (text, reading) => {
  expect(readCron(text)).toEqual(reading)
})
