import { expect, it } from 'vitest'
import { parseDistributions, wslAdvice } from './wsl.ts'

const listed =
  '  NAME              STATE           VERSION\r\n* Ubuntu-24.04      Running         2\r\n  My Old One        Stopped         1\r\n  docker-desktop    Stopped         2\r\n'

it('reads what is installed', () => {
  expect(parseDistributions(listed)).toEqual([
    { name: 'Ubuntu-24.04', version: 2 },
    { name: 'My Old One', version: 1 },
    { name: 'docker-desktop', version: 2 },
  ])
  expect(parseDistributions('Windows Subsystem for Linux has no installed distributions.')).toEqual([])
})

it('says the next step for what is there', () => {
  expect(wslAdvice(parseDistributions(listed))).toContain('open Ubuntu-24.04')
  expect(wslAdvice([{ name: 'Debian', version: 1 }])).toContain('wsl --set-version Debian 2')
  expect(wslAdvice([{ name: 'docker-desktop', version: 2 }])).toContain('wsl --install')
  expect(wslAdvice([])).toContain('wsl --install')
})
