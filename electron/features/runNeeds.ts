/** What a run needs before it begins: where it goes and the way there, and the secrets of its source and its gateway. */
import type { ContinueInput } from '../../shared/contract/emulation.ts'
import type { EmulationOptions, SinkId } from '../../shared/emulation.ts'
import type { GatewayAccessKind } from '../../shared/settings.ts'
import { packKeys } from '../clients/aws/crossing.ts'
import { packSecurity } from '../clients/kafka/security.ts'
import { isAwsKinesis } from '../clients/kinesis/client.ts'
import { checkTargets } from '../emulator/sinks/create.ts'
import type { Targets } from '../emulator/targets.ts'
import { type Secret, secret } from '../lib/secret.ts'
import type { EmulationDeps } from './emulation.ts'
import { databaseSecret, gatewaySecret } from './secretNames.ts'

export function runNeeds(
  deps: Pick<EmulationDeps, 'targets' | 'machine' | 'kafkaSecurity' | 'awsKeys' | 'secrets'>,
) {
  /** As given, else as held or stored; no password where there is none. */
  const passwordFor = async ({ source }: EmulationOptions, given: string | undefined): Promise<Secret> => {
    if (given !== undefined) return secret(given)
    return (source.kind === 'mysql' && (await deps.secrets.get(databaseSecret(source)))) || secret('')
  }
  const keep = async (name: string, value: Secret, remember: boolean) => {
    if (remember) await deps.secrets.remember(name, value)
    else deps.secrets.hold(name, value)
  }
  const gatewayKeyFor = async (pipeline: string, given: string | undefined): Promise<Secret | null> =>
    given === undefined ? deps.secrets.get(gatewaySecret(pipeline)) : secret(given)
  const targetsFor = async (pipeline: string, access: GatewayAccessKind | undefined): Promise<Targets> => {
    const targets = await deps.targets(pipeline)
    return access === undefined ? targets : { ...targets, gatewayAccess: access }
  }
  /** The machine between, how Kafka is spoken to behind it, and whose keys sign for Kinesis and for the gateway. */
  const wayFor = async (pipeline: string, targets: Targets, sinks: readonly SinkId[]) => {
    const goes = (...ids: readonly SinkId[]) => sinks.some((sink) => ids.includes(sink))
    const machine = goes('rest', 'streams', 'kafka') ? await deps.machine(pipeline, targets) : null
    // What went through the gateway is read back from Kafka itself.
    const known = targets.kafkaBootstrap !== null && goes('rest', 'kafka')
    const security = known ? await deps.kafkaSecurity(pipeline) : null
    const kafka = packSecurity(security)
    const keys = deps.awsKeys(pipeline)
    const identity = packKeys(keys)
    return {
      way: { machine: machine?.plain ?? null, security: kafka.plain, identity: identity.plain },
      secrets: { ...machine?.secrets },
      live: { ...kafka.live, ...identity.live },
      /** Rejects with AppError where nothing proves who we are. */
      checkProof: async () => {
        if (security !== null && security.kind !== 'tls') await security.proof()
      },
      /** Rejects with AppError where the pipeline's identity does not work. */
      checkKeys: async () => void (await keys?.()),
    }
  }
  /** Where it goes and the secrets it needs; throws AppError where something of it is missing. */
  const prepare = async (options: EmulationOptions, input: Omit<ContinueInput, 'runId'>) => {
    const { pipeline } = input
    const targets = await targetsFor(pipeline, input.gatewayAccess)
    const { source } = options
    const password = await passwordFor(options, input.password)
    if (source.kind === 'mysql' && input.password !== undefined)
      await keep(databaseSecret(source), password, input.remember)
    const gatewayKey = wantsKey(options, targets) ? await gatewayKeyFor(pipeline, input.gatewayKey) : null
    checkTargets(options, targets, gatewayKey !== null)
    const { way, secrets, live, checkProof, checkKeys } = await wayFor(pipeline, targets, options.sinks)
    // A run that only reads back from Kafka is warned instead, once it looks.
    if (options.sinks.includes('kafka')) await checkProof()
    if (signs(options, targets)) await checkKeys()
    return {
      targets,
      way,
      secrets: { ...secrets, password, ...(gatewayKey === null ? {} : { gatewayKey }) },
      live,
    }
  }
  return { keep, passwordFor, targetsFor, wayFor, prepare }
}

/** All of it. */
export type RunNeeds = Awaited<ReturnType<ReturnType<typeof runNeeds>['prepare']>>

/** Whether its records go out with a signature of AWS. */
function signs({ sinks }: EmulationOptions, { gatewayAccess, kinesisEndpoint }: Targets): boolean {
  const toGateway = sinks.some((sink) => sink === 'rest' || sink === 'streams')
  return (
    (gatewayAccess === 'sigv4' && toGateway) ||
    (sinks.includes('kinesis') && kinesisEndpoint !== null && isAwsKinesis(kinesisEndpoint))
  )
}

/** A run that sends nothing with a key must not fail because the key's store is locked. */
function wantsKey({ sinks }: EmulationOptions, { gatewayAccess }: Targets): boolean {
  return gatewayAccess === 'apiKey' && sinks.some((sink) => sink === 'rest' || sink === 'streams')
}
