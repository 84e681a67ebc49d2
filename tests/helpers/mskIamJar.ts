/** AWS's IAM jar as its releases hold it: fetched by Maven once into the cache. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { mskIamName, mskIamVersion } from '../../electron/plans/kafkaHost/wanted.ts'
import { cacheFolder } from './home.ts'

const exec = promisify(execFile)

/** Makes `<folder>/v2.3.6/aws-msk-iam-auth-2.3.6-all.jar`. */
export async function makeMskIamJar(folder: string): Promise<void> {
  const cached = join(cacheFolder, mskIamName)
  if (!existsSync(cached)) {
    const part = `${cached}.${process.pid}`
    const artifact = `software.amazon.msk:aws-msk-iam-auth:${mskIamVersion}:jar:all`
    await exec('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${part}`])
    await rename(join(part, mskIamName), cached)
    await rm(part, { recursive: true })
  }
  await mkdir(join(folder, `v${mskIamVersion}`), { recursive: true })
  await symlink(cached, join(folder, `v${mskIamVersion}`, mskIamName))
}
