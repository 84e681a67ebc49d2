/** The Java that is brought to a host whose own package manager cannot: Eclipse Temurin, chosen for its processor (decision 9). */
import { trimSlash } from '../../clients/gatewayHttp.ts'
import type { WantedArchive } from './archive.ts'
import type { HostFacts } from './factsCommands.ts'
import { places } from './wanted.ts'

export interface JavaRelease {
  /** Temurin's own number: `17.0.20+8`. */
  readonly version: string
  /** Temurin's name of each processor, and the sha256 of its archive of the JRE for Linux with glibc. */
  readonly builds: Readonly<Record<'x86_64' | 'aarch64', { readonly name: string; readonly sha256: string }>>
}

/**
 * Java 17 is what Confluent 7 and 8, Kafka 4 and AWS's jar have in common (facts: apis 5). Sums: those that Docker's official
 * image `eclipse-temurin:17.0.20_8-jre-jammy` checks its download by, as github.com/docker-library/repo-info records it
 * (repos/eclipse-temurin/remote/17.0.20_8-jre-jammy.md).
 */
export const temurin: JavaRelease = {
  version: '17.0.20+8',
  builds: {
    x86_64: { name: 'x64', sha256: 'ef491a51a46ef90cc47fbc4abb219fde32483ff91be5ec66ddc896df43524b27' },
    aarch64: { name: 'aarch64', sha256: '9d14a95e07c44bc48666625162baf40db9da4dcb192bfc3e43047790693061a2' },
  },
}

/** Temurin is built on CentOS 7 (adoptium/temurin-build#3271). */
export const oldestGlibcForJava = [2, 17] as const

/** Of all that are linked or brought. */
export const javaHomes = `${places.programs}/java`
/** Named as the one folder in the archive. */
export const javaFolder = ({ version }: JavaRelease) => `${javaHomes}/jdk-${version}-jre`
/** Its archives among the downloads, as a shell's pattern. */
export const javaArchives = `${places.downloads}/OpenJDK*-jre_*`

export function javaArchive(release: JavaRelease, mirror: string, { arch }: HostFacts): WantedArchive {
  const { version, builds } = release
  const { name: build, sha256 } = builds[arch as keyof typeof builds]
  const name = `OpenJDK${version.split('.')[0]}U-jre_${build}_linux_hotspot_${version.replace('+', '_')}.tar.gz`
  return {
    what: `Java ${version}`,
    name,
    algorithm: 'sha256',
    sources: [{ url: `${trimSlash(mirror)}/jdk-${encodeURIComponent(version)}/${name}` }],
    pinned: sha256,
  }
}
