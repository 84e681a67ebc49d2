import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pipelineSettingsSchema, settingsSchema } from '../../shared/settings.ts'
import { openPipelines } from './pipelineStore.ts'
import { pipelinesFeature } from './pipelines.ts'
import { openSecretFile } from './secretFile.ts'
import { openSecretStore } from './secretStore.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'pipelines-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

async function open() {
  const noted: string[] = []
  const feature = pipelinesFeature({
    pipelines: await openPipelines(home),
    settings: { get: () => settingsSchema.parse({}) },
    secrets: openSecretStore(await openSecretFile(home), null),
    consent: { redeem: async () => undefined, describe: () => undefined },
    activity: { add: ({ text, pipeline }) => void noted.push(`${pipeline}: ${text}`) },
    busy: () => false,
    forget: async () => {},
  })
  return { client: createRouterClient(feature), noted }
}

describe('pipelines', () => {
  it('says in the activity whatever a call changed, and nothing for a call that only looks', async () => {
    const { client, noted } = await open()
    const settings = pipelineSettingsSchema.parse({ name: 'One' })
    const { id } = await client.create(settings)
    await client.update({ pipeline: id, settings: { ...settings, name: 'First' } })
    await client.clone({ pipeline: id, name: 'Second' })
    const { text } = await client.export({ pipeline: 'second' })
    await client.import({ text })
    await client.select({ pipeline: 'second' })
    await client.setGatewayKey({ pipeline: id, key: 'canary-canary' })
    await client.setGatewayKey({ pipeline: id, key: null })
    await client.remove({ pipeline: id, consent: '0123456789abcdef' })
    expect(noted).toEqual([
      'one: Created the pipeline One',
      'one: Changed the pipeline First',
      'second: Cloned the pipeline First as Second',
      'second-2: Imported the pipeline Second',
      'second: Chose the pipeline Second',
      'one: Holds an API key for the gateway of First',
      'one: Forgot the API key for the gateway of First',
      'null: Deleted the pipeline First with its data',
    ])
    await client.list()
    await client.disk({ pipeline: 'second' })
    await client.gatewayKey({ pipeline: 'second' })
    expect(noted).toHaveLength(8)
  })
})
