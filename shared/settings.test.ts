import { describe, expect, it } from 'vitest'
import { pipelineSettingsSchema, settingsChangeSchema, settingsSchema } from './settings.ts'

describe('settings', () => {
  it('stand on their defaults alone', () => {
    expect(settingsSchema.parse({})).toMatchObject({ version: 1, theme: 'system', minFreeGiB: 2 })
    expect(pipelineSettingsSchema.parse({ name: 'x' })).toMatchObject({
      userId: 'learner',
      topics: { partitions: 1 },
    })
  })

  it('change only what is named', () => {
    expect(settingsChangeSchema.parse({ theme: 'dark' })).toEqual({ theme: 'dark' })
  })

  it('name the field at fault', () => {
    const issue = pipelineSettingsSchema.safeParse({ name: 'x', userId: 'a b' }).error?.issues[0]
    expect(issue).toMatchObject({ path: ['userId'], message: expect.stringContaining('letters, digits') })
  })
})
