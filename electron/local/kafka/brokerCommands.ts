/** The command lines of the broker and of formatting its folder, as pure lists of words. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { systemOf } from '../../lib/platformOs.ts'
import { type ClassData, classDataOptions } from '../java/classData.ts'

export interface BrokerJvm {
  /** Absolute paths of the jars that were checked. */
  readonly jars: readonly string[]
  /** The `resources` folder as shipped. */
  readonly resources: string
  readonly heapMiB: number
  readonly platform: NodeJS.Platform
}

function javaWords({ jars, resources, heapMiB, platform }: BrokerJvm, data: ClassData): string[] {
  const ours = join(resources, 'kafka')
  return [
    `-Xmx${heapMiB}m`,
    '-Xms64m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-XX:+ExitOnOutOfMemoryError',
    // They bring a start from 2.9 s down to 1.6 (Java 17, 2 cores).
    ...classDataOptions(data),
    '-Djava.awt.headless=true',
    `-Dlog4j2.configurationFile=${join(ours, 'log4j2.properties')}`,
    '-cp',
    [join(ours, 'guardian.jar'), ...jars].join(systemOf(platform).listSeparator),
  ]
}

/** The broker behind the guardian, which ends it when standard input ends (decision 3). */
export function startWords(jvm: BrokerJvm, data: ClassData, properties: string): string[] {
  return [...javaWords(jvm, data), 'Guardian', 'kafka.Kafka', properties]
}

/** `clusterId` is 16 bytes as URL-safe base64; it must not begin with a dash, which would read as an option. */
export function formatWords(
  jvm: BrokerJvm,
  data: ClassData,
  clusterId: string,
  properties: string,
): string[] {
  return [...javaWords(jvm, data), 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties]
}

/** Class data fits one build of Java and one class path only: both are in its name. */
export function classDataName(javaVersion: string, jars: readonly string[]): string {
  const hash = createHash('sha256').update([javaVersion, ...jars].join('\n'))
  return `broker-${hash.digest('hex').slice(0, 16)}.jsa`
}

/** What a broker of this pipeline has in its command line, whoever started it (decision 3). */
export function isBrokerOf(command: string, pipelineFolder: string): boolean {
  return (
    command.includes('kafka.Kafka') && command.includes(join(pipelineFolder, 'kafka', 'server.properties'))
  )
}
