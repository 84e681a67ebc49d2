import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diskLook } from './disk.ts'

const gib = 1_073_741_824
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'disk-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A look over two folders of `used` bytes each, with a clock and a count of the walks. */
function watched(first: { used: number; maxDataGiB: number }) {
  const state = { ...first, minFreeGiB: 0, now: 0, walks: 0 }
  const look = diskLook(
    { folder, data: ['kafka', 'runs'], limits: () => state },
    async () => {
      state.walks += 0.5
      return state.used
    },
    () => state.now,
  )
  return { state, look }
}

describe('the look at the disk', () => {
  it('says that the data of all parts together passed the cap, and names the field', async () => {
    const { state, look } = watched({ used: 0.4 * gib, maxDataGiB: 1 })
    expect(await look()).toBeNull()
    state.used = 0.6 * gib
    state.now = 60_000
    expect(await look()).toMatchObject({
      code: 'DATA_OVER_CAP',
      field: 'settings.maxDataGiB',
      message: expect.stringContaining('1.20 GiB, more than the 1 GiB'),
      hint: expect.stringMatching(/Raise .*delete data/),
    })
  })

  it('walks the folders once a minute, not at each look', async () => {
    const { state, look } = watched({ used: 0, maxDataGiB: 10_000 })
    for (state.now = 0; state.now < 60_000; state.now += 5_000) await look()
    expect(state.walks).toBe(1)
    await look()
    expect(state.walks).toBe(2)
  })

  it('heeds a cap that was lowered or raised at the next look', async () => {
    const { state, look } = watched({ used: gib, maxDataGiB: 3 })
    expect(await look()).toBeNull()
    state.maxDataGiB = 1
    expect(await look()).toMatchObject({ code: 'DATA_OVER_CAP' })
    state.maxDataGiB = 3
    expect(await look()).toBeNull()
    expect(state.walks).toBe(1)
  })

  it('asks for free room first, without a walk', async () => {
    const { state, look } = watched({ used: 9 * gib, maxDataGiB: 1 })
    state.minFreeGiB = 1_000_000
    expect(await look()).toMatchObject({ code: 'DISK_NEARLY_FULL', field: 'settings.minFreeGiB' })
    expect(state.walks).toBe(0)
  })
})
