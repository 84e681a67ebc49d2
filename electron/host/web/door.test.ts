/** The web door runs on whatever program it is in: inside the packaged app only that program's own way starts children. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Platform } from '../../platform.ts'
import { nodePlatform } from '../nodePlatform.ts'
import { serveUntil } from './door.ts'

it('starts children as the program it runs in does, and asks as a page does', async () => {
  const home = await mkdtemp(join(tmpdir(), 'pipeline-door-'))
  const folders = { home, cache: home, resources: home, entries: home, out: home }
  const fork: Platform['fork'] = () => {
    throw new Error('not called here')
  }
  let used: Platform | undefined
  const served = serveUntil({
    createApp: async (platform) => {
      used = platform
      throw new Error('seen enough')
    },
    platform: { ...nodePlatform('terminal', '0', folders), fork, openLink: async () => true },
    folders,
    port: 0,
    interrupted: new AbortController().signal,
    say: () => {},
  })
  await expect(served).rejects.toThrow('seen enough')
  expect(used?.fork).toBe(fork)
  expect(used?.door).toBe('web')
  expect(await used?.openLink('wsl')).toBe(false)
  await rm(home, { recursive: true })
})
