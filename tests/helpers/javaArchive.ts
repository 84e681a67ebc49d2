/** A Java runtime as Temurin packs it for Linux, linked from the JDK of this machine. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fileSum } from '../../electron/lib/download.ts'
import { type JavaRelease, temurin } from '../../electron/plans/kafkaHost/javaRuntime.ts'

const exec = promisify(execFile)

/** Says what is missing, or null. */
export async function linkerMissing(): Promise<string | null> {
  return exec('jlink', ['--version']).then(
    () => null,
    () => 'jlink is not on PATH: install a JDK 17 or newer.',
  )
}

/**
 * Makes `<folder>/jdk-<version>/OpenJDK17U-jre_x64_linux_hotspot_<version>.tar.gz` and answers that release with the sum of this
 * very archive.
 */
export async function makeJavaArchive(folder: string, version: string): Promise<JavaRelease> {
  const { x86_64, aarch64 } = temurin.builds
  const at = join(folder, `jdk-${version}`)
  const file = join(at, `OpenJDK17U-jre_${x86_64.name}_linux_hotspot_${version.replace('+', '_')}.tar.gz`)
  const work = await mkdtemp(join(tmpdir(), 'java-'))
  try {
    const inner = `jdk-${version}-jre`
    const words = ['--add-modules', 'java.base', '--strip-debug', '--no-header-files', '--no-man-pages']
    await exec('jlink', [...words, '--output', join(work, inner)])
    await mkdir(at, { recursive: true })
    await exec('tar', ['-I', 'gzip -1', '-cf', file, '-C', work, inner])
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return { version, builds: { aarch64, x86_64: { ...x86_64, sha256: await fileSum(file, 'sha256') } } }
}
