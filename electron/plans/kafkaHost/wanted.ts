/** What a Kafka host shall have: every name, version and place of the plan `kafkaHost` comes from here. */
import type { BrokerChoice, ProxyChoice } from '../../../shared/services.ts'
import { scalaVersion } from '../../local/kafka/version.ts'
import type { JavaRelease } from './javaRuntime.ts'

export interface KafkaHostWanted {
  /** The pipeline whose host it is: the mark of what is ours. */
  readonly owner: string
  /** A broker on the machine, or MSK. */
  readonly broker: BrokerChoice
  /** Of MSK: the role that the machine's own identity takes on; empty for itself. */
  readonly role: string
  /** Where the record that proves a set-up goes. */
  readonly healthTopic: string
  /** Apache's version number: `4.3.1`. */
  readonly kafkaVersion: string
  /** Ports on the host; the controller's only on its loopback address. */
  readonly ports: { readonly kafka: number; readonly controller: number }
  /** What clients are told to connect to; empty for the host's own private address. */
  readonly advertised: string
  readonly topics: readonly string[]
  readonly partitions: number
  readonly retentionMs: number
  /** What answers HTTP on the host. */
  readonly proxy: ProxyChoice
  /** Of the proxy, on the host's loopback address. */
  readonly proxyPort: number
  /** AWS's region of the streams behind the gateway. */
  readonly region: string
  /** Folders of Kafka's archives, asked in this order: `<mirror>/4.3.1/kafka_2.13-4.3.1.tgz`. */
  readonly mirrors: readonly string[]
  /** The one that is brought where the host's own package manager cannot. */
  readonly java: JavaRelease
  /** Folder of its archives: `<mirror>/jdk-17.0.20%2B8/OpenJDK17U-jre_x64_linux_hotspot_17.0.20_8.tar.gz`. */
  readonly javaMirror: string
  /** Folder of Node.js's archives: `<mirror>/v24.21.0/node-v24.21.0-linux-x64.tar.gz`. */
  readonly nodeMirror: string
  /** Of Confluent Platform's community edition: `8.3.1`. */
  readonly confluentVersion: string
  /** Folder of Confluent's archives: `<mirror>/8.3/confluent-community-8.3.1.tar.gz`. */
  readonly confluentMirror: string
  /** Folder of AWS's IAM jar: `<mirror>/v2.3.6/aws-msk-iam-auth-2.3.6-all.jar`. */
  readonly mskIamMirror: string
}

/** Folders of ours on the host; undo removes them whole. */
export const places = {
  /** Programs: read only. */
  programs: '/opt/pipeline-control',
  /** Archives on their way; each goes when it is unpacked. */
  downloads: '/opt/pipeline-control/downloads',
  /** Settings we write. */
  settings: '/etc/pipeline-control',
  /** The broker's log, and the list of what we made. */
  data: '/var/lib/pipeline-control',
  /** Gone with each restart: who works on the host now. */
  volatile: '/run/pipeline-control',
  units: '/etc/systemd/system',
} as const

/** The system user that Kafka runs as. */
export const account = 'pipeline-control'

export const kafkaUnit = 'pipeline-kafka.service'
export const gatewayUnit = 'pipeline-gateway.service'
export const confluentUnit = 'pipeline-confluent.service'

/** The topic of the record that proves a set-up; it holds nothing of a person's. */
export const healthTopicOf = (owner: string) => `pipeline-health-${owner}`

export const kafkaNameOf = (version: string) => `kafka_${scalaVersion}-${version}`
export const kafkaFolder = (version: string) => `${places.programs}/kafka/${kafkaNameOf(version)}`
export const kafkaCurrent = `${places.programs}/kafka/current`
export const javaCurrent = `${places.programs}/java/current`
export const nodeProgram = `${places.programs}/node/bin/node`
export const gatewayProgram = `${places.programs}/gateway/gateway.mjs`
export const confluentFolder = (version: string) => `${places.programs}/confluent/confluent-${version}`
/** AWS's jar that lets Java's Kafka clients sign in to MSK; from 2.3.5 on it wants Java 17, as Kafka 4 does (facts: apis 2). */
export const mskIamVersion = '2.3.6'
export const mskIamName = `aws-msk-iam-auth-${mskIamVersion}-all.jar`
export const mskIamFolder = `${places.programs}/msk`
export const mskIamJar = `${mskIamFolder}/${mskIamName}`
export const confluentCurrent = `${places.programs}/confluent/current`

/** MiB of memory below which it does not fit beside the system: a broker alone (facts: parts, 361 MB resident in a 1 GiB host). */
export const leastMemoryMiB = 900
/** MiB for a broker and the second Java of Confluent's proxy, which a 1 GiB host kills for want of memory (F-26). */
export const leastMemoryBesideConfluentMiB = 1_800
/** MiB free that Java, Kafka and its archive take while they are unpacked. */
export const leastDiskMiB = 1_500
/** MiB free that Confluent's archive (414 MB) and what it holds (more than 1.5 GB) take while it is unpacked (facts: apis 5). */
export const leastDiskForConfluentMiB = 2_000

/** MiB of heap for a host of so much memory: a quarter, within what a learner's topics need (facts: parts, Kafka). */
export const brokerHeapMiB = (memoryMiB: number) => Math.max(256, Math.min(1_024, Math.floor(memoryMiB / 4)))
/** MiB of heap of Confluent's proxy: an eighth; its own default of 256 MiB is the least. */
export const confluentHeapMiB = (memoryMiB: number) =>
  Math.max(256, Math.min(1_024, Math.floor(memoryMiB / 8)))
