/** Node.js's archive for Linux as nodejs.org lays it out, with the program that the project itself runs on. */
import { execFile } from 'node:child_process'
import { link, mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fileSum } from '../../electron/lib/download.ts'
import { nodeArchiveOf, nodeBuilds, nodeVersion } from '../../electron/plans/kafkaHost/nodeRuntime.ts'
import { keptFile } from './keptFile.ts'
import { nodeProgram } from './node.ts'

const exec = promisify(execFile)

/** Makes `<folder>/v<version>/node-v<version>-linux-x64.tar.gz` and `SHASUMS256.txt`. */
export async function makeNodeArchive(folder: string): Promise<void> {
  const name = nodeArchiveOf(nodeBuilds.x86_64.name)
  const inner = name.replace('.tar.gz', '')
  const [at, tree] = [join(folder, `v${nodeVersion}`), join(folder, 'node-tree')]
  await mkdir(at, { recursive: true })
  // Another program under the same name has another size.
  const { size } = await stat(nodeProgram)
  await keptFile(`${size}-${name}`, join(at, name), async (made) => {
    await mkdir(join(tree, inner, 'bin'), { recursive: true })
    await link(nodeProgram, join(tree, inner, 'bin', 'node')).catch(() =>
      exec('cp', [nodeProgram, join(tree, inner, 'bin', 'node')]),
    )
    await exec('tar', ['-I', 'gzip -1', '-cf', made, '-C', tree, inner])
  })
  const sum = await fileSum(join(at, name), 'sha256')
  await writeFile(
    join(at, 'SHASUMS256.txt'),
    `${'0'.repeat(64)}  node-v${nodeVersion}.pkg\n${sum}  ${name}\n`,
  )
}
