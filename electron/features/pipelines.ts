/** The contract's branch `pipelines`. */

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { deletes } from '../../shared/contract/app.ts'
import { AppError } from '../../shared/errors.ts'
import { broadcast } from '../lib/broadcast.ts'
import { folderBytes, freeBytes } from '../lib/diskUse.ts'
import { secret } from '../lib/secret.ts'
import { dataParts } from './dataParts.ts'
import type { ActivityLog, ConsentDesk, SettingsStore } from './deps.ts'
import { discover } from './discover.ts'
import { exportText, importText, type OpenPipelines } from './pipelineStore.ts'
import { api } from './rpc.ts'
import { awsSecret, databricksSecrets, gatewaySecret, kafkaSecret } from './secretNames.ts'
import type { SecretStore } from './secretStore.ts'

export interface PipelinesDeps {
  readonly pipelines: OpenPipelines
  readonly settings: SettingsStore
  readonly secrets: Pick<SecretStore, 'has' | 'hold' | 'remember' | 'remove'>
  readonly consent: ConsentDesk
  readonly activity: ActivityLog
  /** True while the pipeline's stack or an emulation runs. */
  busy(id: string): boolean
  /** Forgets what other parts keep for a pipeline that was deleted. */
  forget(id: string): Promise<void>
}

export function pipelinesFeature({
  pipelines,
  settings,
  secrets,
  consent,
  activity,
  busy,
  forget,
}: PipelinesDeps) {
  const told = (id: string, text: string) =>
    activity.add({ level: 'info', area: 'pipelines', pipeline: id, text })

  consent.describe('pipelines.remove', async ({ pipeline }) => {
    const { settings, folder } = pipelines.get(pipeline)
    const mb = Math.round((await folderBytes(folder)) / 1_000_000)
    return {
      title: `Delete the pipeline ${settings.name} with all its data?`,
      ...deletes,
      losses: [`${folder}: ${mb} MB of topics, streams, lake and history`],
      typed: settings.name,
    }
  })

  /** Held for this session or remembered; null forgets it. */
  const keep = async (name: string, value: string | null, remember: boolean) => {
    if (value === null) await secrets.remove(name)
    else if (remember) await secrets.remember(name, secret(value))
    else secrets.hold(name, secret(value))
  }

  const newest = broadcast(pipelines.list())
  pipelines.onChange(() => newest.set(pipelines.list()))

  return api.pipelines.router({
    list: api.pipelines.list.handler(() => pipelines.list()),
    watch: api.pipelines.watch.handler(({ signal }) => newest.watch(signal)),
    create: api.pipelines.create.handler(async ({ input }) => {
      const made = await pipelines.create(input)
      told(made.id, `Created the pipeline ${made.settings.name}`)
      return made
    }),
    update: api.pipelines.update.handler(async ({ input }) => {
      const { endpoints, machine, databricks } = pipelines.get(input.pipeline).settings
      // A key is for who it was given for, not for whoever stands at the next address; gone before that is written.
      if (input.settings.endpoints.gateway !== endpoints.gateway)
        await secrets.remove(gatewaySecret(input.pipeline))
      const { bootstrap, kafkaUser } = input.settings.endpoints
      if (bootstrap !== endpoints.bootstrap || kafkaUser !== endpoints.kafkaUser)
        await secrets.remove(kafkaSecret(input.pipeline))
      const workspace = input.settings.databricks
      if (workspace.host !== databricks.host || workspace.clientId !== databricks.clientId)
        for (const name of databricksSecrets(input.pipeline)) await secrets.remove(name)
      // The instance is chosen elsewhere and its address noticed by itself: a page's older copy must not undo that.
      const changed = await pipelines.update(input.pipeline, { ...input.settings, machine })
      told(changed.id, `Changed the pipeline ${changed.settings.name}`)
      return changed
    }),
    clone: api.pipelines.clone.handler(async ({ input }) => {
      const { settings } = pipelines.get(input.pipeline)
      const made = await pipelines.create({ ...settings, name: input.name })
      told(made.id, `Cloned the pipeline ${settings.name} as ${made.settings.name}`)
      return made
    }),
    select: api.pipelines.select.handler(async ({ input }) => {
      const list = await pipelines.select(input.pipeline)
      told(input.pipeline, `Chose the pipeline ${pipelines.get(input.pipeline).settings.name}`)
      return list
    }),
    remove: api.pipelines.remove.handler(async ({ input }) => {
      if (busy(input.pipeline)) {
        throw new AppError({
          code: 'PIPELINE_BUSY',
          message: `This pipeline is running: ${pipelines.get(input.pipeline).settings.name}`,
          hint: 'Stop it first.',
        })
      }
      await consent.redeem(input.consent, { action: 'pipelines.remove', pipeline: input.pipeline })
      const { settings } = pipelines.get(input.pipeline)
      const list = await pipelines.remove(input.pipeline)
      await secrets.remove(gatewaySecret(input.pipeline))
      await secrets.remove(kafkaSecret(input.pipeline))
      await secrets.remove(awsSecret(input.pipeline))
      for (const name of databricksSecrets(input.pipeline)) await secrets.remove(name)
      await forget(input.pipeline)
      activity.add({
        level: 'warn',
        area: 'pipelines',
        pipeline: null,
        text: `Deleted the pipeline ${settings.name} with its data`,
      })
      return list
    }),
    export: api.pipelines.export.handler(({ input }) => {
      const { id, settings } = pipelines.get(input.pipeline)
      return { fileName: `${id}.pipeline.json`, text: exportText(settings) }
    }),
    import: api.pipelines.import.handler(async ({ input }) => {
      const made = await pipelines.create(importText(input.text))
      told(made.id, `Imported the pipeline ${made.settings.name}`)
      return made
    }),
    discover: api.pipelines.discover.handler(async ({ input }) => discover(input.settings, input, settings)),
    gatewayKey: api.pipelines.gatewayKey.handler(({ input }) => ({
      hasKey: secrets.has(gatewaySecret(pipelines.get(input.pipeline).id)),
    })),
    setGatewayKey: api.pipelines.setGatewayKey.handler(async ({ input }) => {
      const { id, settings } = pipelines.get(input.pipeline)
      await keep(gatewaySecret(id), input.key, input.remember)
      const what = input.key === null ? 'Forgot the API key' : 'Holds an API key'
      told(id, `${what} for the gateway of ${settings.name}`)
      return { hasKey: input.key !== null }
    }),
    kafkaPassword: api.pipelines.kafkaPassword.handler(({ input }) => ({
      hasPassword: secrets.has(kafkaSecret(pipelines.get(input.pipeline).id)),
    })),
    setKafkaPassword: api.pipelines.setKafkaPassword.handler(async ({ input }) => {
      const { id, settings } = pipelines.get(input.pipeline)
      await keep(kafkaSecret(id), input.password, input.remember)
      const what = input.password === null ? 'Forgot the password' : 'Holds a password'
      told(id, `${what} for Kafka of ${settings.name}`)
      return { hasPassword: input.password !== null }
    }),
    disk: api.pipelines.disk.handler(async ({ input }) => {
      const { folder } = pipelines.get(input.pipeline)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const sizes = await Promise.all(
        dataParts.map(async (name) => ({ name, bytes: await folderBytes(join(folder, name)) })),
      )
      return { parts: sizes, freeBytes: await freeBytes(folder) }
    }),
  })
}
