/** Which Confluent Platform is set up on a host, what its archive is called, and which Java it runs on (decision 9). */
import type { Java } from './factsCommands.ts'

/** The one this app is made for: its Kafka is 4.3, the broker's own. */
export const confluentVersion = '8.3.1'

const majorMinor = (version: string): readonly [number, number] => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return [major, minor]
}

/** `8.3/confluent-community-8.3.1.tar.gz`: below the folder of archives. */
export const confluentArchive = (version: string) => {
  const name = `confluent-community-${version}.tar.gz`
  return { name, path: `${majorMinor(version).join('.')}/${name}` }
}

/** Major versions of Java that Confluent supports it on: 8.x needs 17 (facts: apis 5), 17 came with 7.1. */
export function javasOf(version: string): readonly number[] {
  const [major, minor] = majorMinor(version)
  if (major >= 8) return [17, 21]
  return minor >= 1 ? [8, 11, 17] : [8, 11]
}

/** 8.x speaks log4j 2, 7.x log4j 1 (reload4j). */
export const hasLog4j2 = (version: string) => majorMinor(version)[0] >= 8

/** The first that fits; the host's are in the order of our own preference. */
export const javaFor = (version: string, javas: readonly Java[]): Java | null =>
  javas.find(({ major }) => javasOf(version).includes(major)) ?? null
