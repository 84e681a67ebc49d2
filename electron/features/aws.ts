/** The contract's branch `aws`: which identity a pipeline acts as, whether that works, and what it may do. */
import { isDeepStrictEqual } from 'node:util'

import { simulate } from '../clients/aws/permissions.ts'
import { listProfiles } from '../clients/aws/profiles.ts'
import { secret } from '../lib/secret.ts'
import type { AwsSessions } from './awsSessions.ts'
import type { ActivityLog } from './deps.ts'
import type { OpenPipelines } from './pipelineStore.ts'
import { api } from './rpc.ts'
import { awsSecret } from './secretNames.ts'
import type { SecretStore } from './secretStore.ts'

export interface AwsDeps {
  readonly sessions: AwsSessions
  readonly pipelines: OpenPipelines
  readonly secrets: Pick<SecretStore, 'hold' | 'remember' | 'remove'>
  readonly activity: ActivityLog
}

export function awsFeature({ sessions, pipelines, secrets, activity }: AwsDeps) {
  const { aws } = api
  const told = (pipeline: string, text: string) =>
    activity.add({ level: 'info', area: 'aws', pipeline, text })
  return aws.router({
    profiles: aws.profiles.handler(() => listProfiles()),
    status: aws.status.handler(({ input }) => sessions.status(pipelines.get(input.pipeline).id)),
    watch: aws.watch.handler(async function* ({ input, signal }) {
      yield* sessions.watch(pipelines.get(input.pipeline).id, signal)
    }),
    use: aws.use.handler(async ({ input }) => {
      const { id, settings } = pipelines.get(input.pipeline)
      const same = isDeepStrictEqual(settings.aws, input.choice)
      await pipelines.update(id, { ...settings, aws: input.choice })
      const { source, profile } = input.choice
      told(id, source === 'none' ? 'Ended the connection to AWS' : `Chose AWS by ${source} ${profile}`.trim())
      // A change was tried as soon as it was written.
      return same ? sessions.test(id) : sessions.settled(id)
    }),
    setKeys: aws.setKeys.handler(async ({ input }) => {
      const { id } = pipelines.get(input.pipeline)
      const name = awsSecret(id)
      if (input.keys === null) await secrets.remove(name)
      else {
        const kept = secret(JSON.stringify(input.keys))
        if (input.remember) await secrets.remember(name, kept)
        else secrets.hold(name, kept)
      }
      told(id, input.keys === null ? 'Forgot the AWS keys' : 'Holds AWS keys')
      return sessions.test(id)
    }),
    test: aws.test.handler(({ input }) => sessions.test(pipelines.get(input.pipeline).id, input.mfaCode)),
    login: aws.login.handler(({ input }) => sessions.login(pipelines.get(input.pipeline).id)),
    cancelLogin: aws.cancelLogin.handler(({ input }) =>
      sessions.cancelLogin(pipelines.get(input.pipeline).id),
    ),
    permissions: aws.permissions.handler(async ({ input }) => {
      const { access, arn } = await sessions.caller(pipelines.get(input.pipeline).id)
      return simulate(access, arn, input.actions)
    }),
  })
}
