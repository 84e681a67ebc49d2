/** A lake in S3, read by the keys of a secret scope: Spark's own client against moto, which checks signatures and rights (F-59). */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { brokerMissing } from '../helpers/broker.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'
import { s3aEnvironment } from '../helpers/s3aJars.ts'
import { type NotebookOutcome, notebooks } from '../helpers/spark.ts'

const missing = (await brokerMissing()) ?? (await motoMissing())
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const bucket = 'user-learner-bucket'
interface Keys {
  readonly access_key_id: string
  readonly secret_access_key: string
}

describe.skipIf(missing !== null)(`A lake in S3${missing === null ? '' : ` (${missing})`}`, () => {
  let folder: string
  let moto: Moto
  /** Of a reader, of somebody without rights, and the reader's with a secret as it stands in an address. */
  let given: readonly Keys[]
  let outcomes: readonly NotebookOutcome[]

  const user = async (iam: IAMClient, name: string, actions: readonly string[]): Promise<Keys> => {
    await iam.send(new CreateUserCommand({ UserName: name }))
    const statement = { Effect: 'Allow', Action: actions, Resource: '*' }
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'own', PolicyDocument }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }))
    return {
      access_key_id: AccessKey?.AccessKeyId ?? '',
      secret_access_key: AccessKey?.SecretAccessKey ?? '',
    }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 's3-'))
    moto = await startMoto()
    const put = async (path: string, body?: string) => {
      const { status } = await fetch(`${moto.url}/${bucket}${path}`, {
        method: 'PUT',
        ...(body === undefined ? {} : { body }),
      })
      expect(status).toBe(200)
    }
    await put('')
    for (const partition of [0, 2])
      await put(
        `/topics/learner.pin/partition=${partition}/learner.pin+${partition}+0000000000.json`,
        '{"index":1,"category":"art"}\n{"index":2,"category":"travel"}\n',
      )
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' }
    const iam = new IAMClient({ endpoint: moto.url, region: 'us-east-1', credentials })
    const reader = await user(iam, 'reader', ['s3:ListBucket', 's3:GetObject'])
    const stranger = await user(iam, 'stranger', ['kinesis:ListShards'])
    iam.destroy()
    await moto.enforce(true)
    for (const [name, value] of Object.entries(await s3aEnvironment(moto.url))) vi.stubEnv(name, value)
    given = [reader, stranger, { ...reader, secret_access_key: 'a%2Fb' }]
    outcomes = await notebooks(
      given.map((keys) => ({
        file: 'tests/notebooks/faults/s3.py',
        widgets: { user_id: 'learner', lake: `s3a://${bucket}/topics`, secret_scope: 'aws', ...keys },
      })),
      { folder: join(folder, 'spark') },
    )
  }, 1_800_000)
  afterAll(async () => {
    vi.unstubAllEnvs()
    await moto?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('is read by keys that may list and get, all partitions of it', () => {
    const [outcome] = outcomes
    expect(outcome?.run.problem).toBeNull()
    expect(outcome?.text).toContain('rows: 4')
  })

  it.each([
    ['of a user without rights to S3', 1],
    ['whose secret is URL-encoded, as only one in an address is', 2],
  ] as const)('F-59: keys %s are refused, with the reason and the fix', (_, nth) => {
    const problem = outcomes[nth]?.run.problem
    expect(problem?.message).toMatch(/AccessDeniedException: s3a:\/\/user-learner-bucket.*Status Code: 403/s)
    expect(problem?.message).not.toMatch(/\tat org\.apache/)
    expect(problem?.hint).toMatch(/s3:ListBucket and s3:GetObject.*\(F-59\)$/)
    expect(problem?.message).not.toContain(given[nth]?.secret_access_key)
  })
})
