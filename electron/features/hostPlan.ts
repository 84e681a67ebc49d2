/** The plan `kafkaHost` of a pipeline: its steps over the shared connection, held by one computer at a time. */
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import type { ConsentQuestion } from '../../shared/contract/app.ts'
import type { PlanAction, PlanState } from '../../shared/contract/plan.ts'
import { AppError } from '../../shared/errors.ts'
import type { PipelineSettings } from '../../shared/settings.ts'
import type { AwsAccess, Caller } from '../clients/aws/types.ts'
import type { KafkaWorkbench } from '../clients/kafka/workbench.ts'
import { type RootShell, rootShell } from '../clients/ssh/sudo.ts'
import type { SshHost } from '../clients/ssh/types.ts'
import { networkOf } from '../lib/network.ts'
import type { Secret } from '../lib/secret.ts'
import { kafkaVersion } from '../local/kafka/version.ts'
import { type PlanRunner, planRunner } from '../plan/engine.ts'
import { confluentVersion } from '../plans/kafkaHost/confluentVersion.ts'
import { factsOf, type KafkaHostDeps } from '../plans/kafkaHost/deps.ts'
import { hold } from '../plans/kafkaHost/hold.ts'
import { hostLedger } from '../plans/kafkaHost/hostLedger.ts'
import { temurin } from '../plans/kafkaHost/javaRuntime.ts'
import type { RecordedSums } from '../plans/kafkaHost/recordedSums.ts'
import { kafkaHostSteps } from '../plans/kafkaHost/steps.ts'
import { healthTopicOf, type KafkaHostWanted } from '../plans/kafkaHost/wanted.ts'
import type { Folders } from '../platform.ts'
import type { SettingsStore } from './deps.ts'
import type { HostLinks } from './hostLinks.ts'
import { readAuthorities } from './kafkaSecurity.ts'
import type { OpenPipelines } from './pipelineStore.ts'
import { hostSecret } from './secretNames.ts'
import type { SecretStore } from './secretStore.ts'

export interface HostPlanDeps {
  readonly folders: Folders
  readonly settings: SettingsStore
  readonly pipelines: OpenPipelines
  readonly links: HostLinks
  readonly secrets: Pick<SecretStore, 'get'>
  /** Of a broker that the app sets up on the machine. */
  kafkaThrough(pipeline: string, bootstrap: string): Promise<KafkaWorkbench>
  /** Of the pipeline's own addresses. */
  kafka(pipeline: string): Promise<KafkaWorkbench>
  /** The pipeline's identity of AWS. Throws AppError. */
  awsAccess(pipeline: string): Promise<AwsAccess>
  /** The same, and who that is. Throws AppError. */
  awsCaller(pipeline: string): Promise<Caller>
  readonly sums: RecordedSums
}

export interface HostPlan {
  readonly runner: PlanRunner
  /** What undoing would delete of a person's: topics with messages. */
  losses(): Promise<string[]>
}

const openMs = 30_000
/** What the host said a moment ago is not asked again, ms. */
const freshMs = 5_000

/** Opens the connection and asks the host what it is. Throws AppError PLAN_NOT_HERE, HOST_NONE, SSH_…. */
export async function openHostPlan(
  id: string,
  deps: HostPlanDeps,
  onEnd: (action: PlanAction, state: PlanState) => void,
): Promise<HostPlan> {
  const { pipelines, links, secrets, settings, folders, sums, kafkaThrough, awsAccess, awsCaller } = deps
  const pipeline = () => pipelines.get(id)
  if (pipeline().settings.kind !== 'existing') throw notHere(pipeline().settings.name)
  let host: SshHost = await links.of(id)
  let password: Secret | null = null
  let root: RootShell | null = null
  const rootNow = (): RootShell => {
    if (root === null) throw new Error('The host has not been asked yet.')
    return root
  }
  const ledger = hostLedger(rootNow, id)
  let askedAt = 0

  /** Settings and secrets of now; the list of what was made, as it stands on the host. */
  const refresh = async (signal: AbortSignal): Promise<RootShell> => {
    host = await links.of(id)
    await host.connect(signal)
    password = await secrets.get(hostSecret(id, 'host', 'password'))
    const facts = await factsOf(host, signal)
    root = rootShell(host, facts?.sudo ?? 'none', password)
    await ledger.load(signal)
    askedAt = Date.now()
    return root
  }

  const wanted = (): KafkaHostWanted => {
    const { names, settings: own } = pipeline()
    const {
      broker,
      role,
      healthTopic,
      version,
      advertised,
      port,
      controllerPort,
      proxy,
      proxyPort,
      confluentVersion: of,
    } = own.kafkaHost
    const { mirrors } = settings.get()
    return {
      owner: id,
      broker,
      role,
      healthTopic: healthTopic === 'pin' ? names.topics.pin : healthTopicOf(id),
      kafkaVersion: version || kafkaVersion,
      ports: { kafka: port, controller: controllerPort },
      advertised,
      proxy,
      proxyPort,
      region: own.endpoints.region,
      topics: Object.values(names.topics),
      partitions: own.topics.partitions,
      retentionMs: own.topics.retentionMs,
      mirrors: [mirrors.kafka, mirrors.kafkaArchive],
      java: temurin,
      javaMirror: mirrors.temurin,
      nodeMirror: mirrors.node,
      confluentVersion: of || confluentVersion,
      confluentMirror: mirrors.confluent,
      mskIamMirror: mirrors.mskIam,
    }
  }
  const planDeps: KafkaHostDeps = {
    host: () => host,
    sudoPassword: () => password,
    wanted,
    ledger,
    kafka: (bootstrap) => (wanted().broker === 'msk' ? deps.kafka(id) : kafkaThrough(id, bootstrap)),
    aws: {
      access: () => awsAccess(id),
      caller: () => awsCaller(id),
      instance: () => pipeline().settings.machine.id,
    },
    authorities: async () => {
      const { kafkaCaFile } = pipeline().settings.endpoints
      return kafkaCaFile === '' ? '' : readAuthorities(kafkaCaFile)
    },
    addresses: () => {
      const { bootstrap, through, kafkaAccess, gateway, gatewayThrough } = pipeline().settings.endpoints
      return {
        bootstrap: through === 'machine' || wanted().broker === 'msk' ? bootstrap : '',
        access: kafkaAccess,
        gateway: gatewayThrough === 'machine' ? gateway : gateway === '' ? '' : null,
      }
    },
    setAddresses: async ({ bootstrap, access, gateway }) => {
      const now = pipeline().settings
      const way = (address: string) => (address === '' ? ('direct' as const) : ('machine' as const))
      const { through } = now.endpoints
      const endpoints = {
        ...now.endpoints,
        bootstrap,
        // Public brokers of MSK that a person chose stay reached from here.
        through: bootstrap === now.endpoints.bootstrap ? through : way(bootstrap),
        kafkaAccess: access,
        ...(gateway === null ? {} : { gateway, gatewayThrough: way(gateway) }),
      }
      await pipelines.update(id, { ...now, endpoints })
    },
    gatewayFile: join(folders.entries, 'hostGateway.mjs'),
    sums,
    cache: folders.cache,
    network: () => networkOf(settings.get()),
  }
  const runner = planRunner({
    plan: 'kafkaHost',
    title: 'Kafka on the machine',
    steps: kafkaHostSteps(planDeps),
    ledger,
    hold: async (signal) => {
      const shell = Date.now() - askedAt < freshMs ? rootNow() : await refresh(signal)
      const { username } = userInfo()
      return hold(shell, { computer: hostname(), user: username, since: Date.now() }, signal)
    },
    onEnd,
  })
  await refresh(AbortSignal.timeout(openMs))
  return {
    runner,
    losses: async () => {
      const { bootstrap: address } = planDeps.addresses()
      // The topics of MSK stay.
      if (address === '' || wanted().broker === 'msk') return []
      const kafka = await kafkaThrough(id, address)
      const topics = (await kafka.topics()).filter(
        ({ internal, name }) => !internal && name !== healthTopicOf(id),
      )
      const logs = await kafka.logs(topics.map(({ name }) => name))
      return [...logs].flatMap(([name, log]) => {
        const messages = log.reduce((sum, { low, high }) => sum + Number(high - low), 0)
        return messages === 0 ? [] : [`${name}: ${messages.toLocaleString('en-US')} messages`]
      })
    },
  }
}

/** What a person is asked before what was installed on a machine is removed, its broker and that one's log included. */
export const undoQuestion = (
  { name, kafkaHost }: PipelineSettings,
  losses: readonly string[],
): ConsentQuestion => ({
  title: `Remove Kafka from the machine of ${name}?`,
  ...(kafkaHost.broker === 'msk'
    ? {
        lead: 'It stops the proxy and removes what this app installed there:',
        losses: ['Kafka’s tools, the IAM jar and the proxy; the topics of MSK stay'],
      }
    : {
        lead: 'This cannot be undone. It stops the broker and removes what this app installed there, with:',
        losses:
          losses.length === 0 ? ['no messages: the topics are empty or cannot be read now'] : [...losses],
      }),
  typed: name,
  agree: 'Remove',
})

function notHere(name: string): AppError {
  return new AppError({
    code: 'PLAN_NOT_HERE',
    message: `This pipeline runs on this computer, not on a machine: ${name}`,
    hint: 'Make a pipeline that uses a machine: choose "Use what I already have", then enter the machine.',
  })
}
