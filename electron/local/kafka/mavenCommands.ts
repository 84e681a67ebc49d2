/** What Maven is asked, and what its lines say: pure text. */

export const mavenVersion = ['-version'] as const

/** Run in a folder that holds the pom; leaves the jars in its `libs`. */
export const mavenCopy = [
  '-B',
  'dependency:copy-dependencies',
  '-DincludeScope=runtime',
  '-DoutputDirectory=libs',
] as const

/** The jar whose download a line tells of: `Downloaded from central: https://…/kafka-clients-4.3.1.jar (10 MB at …)`. */
export function downloadedJar(line: string): string | null {
  return /Downloaded from \S+: \S*\/([^/\s]+\.jar)(?:\s|$)/.exec(line)?.[1] ?? null
}

/** True for the lines that say why it failed. */
export const isMavenError = (line: string): boolean =>
  line.startsWith('[ERROR]') && line.length > '[ERROR] '.length
