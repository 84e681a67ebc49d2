/** How a pipeline's Kafka is spoken to: its authorities, and the password or token that proves who we are, asked for at each sign-in. */

import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { AppError } from '../../shared/errors.ts'
import { type PipelineSettings, wantsPassword } from '../../shared/settings.ts'
import { mskRegion, mskToken } from '../clients/aws/mskToken.ts'
import { roleKeys } from '../clients/aws/roleKeys.ts'
import type { AwsAccess, AwsKeys } from '../clients/aws/types.ts'
import type { KafkaSecurity } from '../clients/kafka/security.ts'
import { networkOf } from '../lib/network.ts'
import type { Secret } from '../lib/secret.ts'
import type { Pipelines, SettingsStore } from './deps.ts'
import { kafkaSecret } from './secretNames.ts'
import type { SecretStore } from './secretStore.ts'

export interface KafkaSecurityDeps {
  readonly pipelines: Pick<Pipelines, 'get'>
  readonly settings: SettingsStore
  readonly secrets: Pick<SecretStore, 'get'>
  /** The pipeline's identity of AWS; rejects with AppError where it has none. */
  awsAccess(pipeline: string): Promise<AwsAccess>
}

/** Null speaks in clear. Rejects with AppError KAFKA_USER_MISSING, KAFKA_CA_UNREADABLE, CA_FILE_UNREADABLE. */
export type KafkaSecurityOf = (pipeline: string) => Promise<KafkaSecurity | null>

export function openKafkaSecurity({
  pipelines,
  settings,
  secrets,
  awsAccess,
}: KafkaSecurityDeps): KafkaSecurityOf {
  const signers = new Map<string, () => Promise<AwsKeys>>()
  const signerOf = (id: string, role: string): (() => Promise<AwsKeys>) => {
    const key = `${id} ${role}`
    const known = signers.get(key) ?? roleKeys(() => awsAccess(id), role)
    signers.set(key, known)
    return known
  }
  return async (id) => {
    const own = pipelines.get(id).settings
    if (own.kind === 'local') return null
    const { bootstrap, region, kafkaRole } = own.endpoints
    const security = await securityFor(own, settings, {
      password: async () => {
        const known = await secrets.get(kafkaSecret(id))
        if (known === null) throw noPassword()
        return known
      },
      token: async () => mskToken(await signerOf(id, kafkaRole)(), mskRegion(bootstrap) ?? region),
    })
    const { colour: _, ...identity } = own.aws
    return security && { ...security, whose: JSON.stringify([region, kafkaRole, identity]) }
  }
}

/** The same for settings that are not a pipeline's yet. Rejects with AppError as `KafkaSecurityOf`. */
export async function securityFor(
  { endpoints }: PipelineSettings,
  settings: SettingsStore,
  proofs: { readonly password: () => Promise<Secret>; readonly token: () => Promise<Secret> },
): Promise<KafkaSecurity | null> {
  const { kafkaAccess: kind, kafkaUser, kafkaCaFile } = endpoints
  if (kind === 'plaintext') return null
  const named = wantsPassword(kind)
  if (named && kafkaUser === '') throw noUser()
  const { ca = '' } = await networkOf(settings.get())
  const own = kafkaCaFile === '' ? '' : await readAuthorities(kafkaCaFile)
  return {
    kind,
    ca: [ca, own].filter((text) => text !== '').join('\n'),
    user: named ? kafkaUser : '',
    proof: kind === 'mskIam' ? proofs.token : proofs.password,
  }
}

/** PEM. Rejects with AppError KAFKA_CA_UNREADABLE. */
export async function readAuthorities(file: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8')
    if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new Error('it holds no certificate in PEM')
    createSecureContext({ ca: text })
    return text
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException
    throw new AppError(
      {
        code: 'KAFKA_CA_UNREADABLE',
        message: `The CA file of Kafka cannot be used: ${file} (${code === 'ENOENT' ? 'there is no such file' : message})`,
        hint: 'Name a file with certificates in PEM (-----BEGIN CERTIFICATE-----); a Java keystore is exported with keytool -exportcert -rfc.',
        field: 'endpoints.kafkaCaFile',
      },
      thrown,
    )
  }
}

export const noPassword = () =>
  new AppError({
    code: 'KAFKA_PASSWORD_MISSING',
    message: 'Kafka wants a password and none was given in this session.',
    hint: 'Enter it on the Settings page; in the terminal: pipeline pipelines kafka-password <id>, or set PIPELINE_KAFKA_PASSWORD.',
    field: 'kafkaPassword',
  })

const noUser = () =>
  new AppError({
    code: 'KAFKA_USER_MISSING',
    message: 'Kafka wants a user name and the pipeline has none.',
    hint: 'Enter it in the pipeline’s settings (endpoints.kafkaUser).',
    field: 'endpoints.kafkaUser',
  })
