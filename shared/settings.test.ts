import { describe, expect, it } from 'vitest'
import { contract } from './contract.ts'
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

  it('take addresses as they were meant, with the spaces that came along', () => {
    const given = {
      name: ' Mine ',
      userId: ' 0a1b ',
      endpoints: {
        bootstrap: ' a:9092, b:9092 ,',
        gateway: ' https://x.example/test ',
        kinesis: '  ',
        region: ' eu-west-1 ',
      },
    }
    const meant = {
      name: 'Mine',
      userId: '0a1b',
      endpoints: {
        bootstrap: 'a:9092,b:9092',
        gateway: 'https://x.example/test',
        kinesis: '',
        region: 'eu-west-1',
      },
    }
    expect(pipelineSettingsSchema.parse(given)).toMatchObject(meant)
    // What the doors call is the contract, not the schema alone.
    expect(
      contract.pipelines.discover['~orpc'].inputSchema?.['~standard'].validate({ settings: given }),
    ).toEqual({
      value: { settings: expect.objectContaining({ endpoints: expect.objectContaining(meant.endpoints) }) },
    })
    expect(settingsChangeSchema.parse({ proxy: ' http://p:1 ' })).toEqual({ proxy: 'http://p:1' })
  })

  it('name the field at fault', () => {
    const issue = pipelineSettingsSchema.safeParse({ name: 'x', userId: 'a b' }).error?.issues[0]
    expect(issue).toMatchObject({ path: ['userId'], message: expect.stringContaining('letters, digits') })
  })
})
