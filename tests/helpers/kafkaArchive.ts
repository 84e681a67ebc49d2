/** Kafka's archive as Apache lays it out, made of the jars the project resolves itself, and a file server for hosts. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { kafkaLibs } from './broker.ts'
import { keptFile } from './keptFile.ts'

const exec = promisify(execFile)

/** Makes `<folder>/<version>/kafka_2.13-<version>.tgz` and its `.sha512` as gpg prints it, over several lines. */
export async function makeKafkaArchive(folder: string, version: string): Promise<void> {
  const name = `kafka_2.13-${version}`
  const inner = join(folder, 'tree', name)
  await mkdir(join(folder, version), { recursive: true })
  const file = join(folder, version, `${name}.tgz`)
  await keptFile(`${name}.tgz`, file, async (made) => {
    await mkdir(inner, { recursive: true })
    await symlink(await kafkaLibs(), join(inner, 'libs'))
    await exec('tar', ['-chzf', made, '-C', join(folder, 'tree'), name])
  })
  const sum = createHash('sha512')
    .update(await readFile(file))
    .digest('hex')
  await writeFile(
    `${file}.sha512`,
    `${name}.tgz: ${sum
      .toUpperCase()
      .match(/.{1,64}/g)
      ?.join('\n   ')}\n`,
  )
}

export interface Mirror {
  /** `http://<host>:<port>` */
  readonly url: string
  /** Each file asked for, in order. */
  readonly asked: readonly string[]
  close(): void
}

/** Serves a folder at an address of this computer; that of the hosts' network is there once a host is. */
export async function serveFolder(folder: string, host: string): Promise<Mirror> {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname)
    asked.push(path)
    const body = await readFile(join(folder, path)).catch(() => null)
    response.writeHead(body === null ? 404 : 200, { 'content-length': body?.length ?? 0 })
    response.end(request.method === 'HEAD' ? undefined : body)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://${host}:${port}`, asked, close: () => void server.close() }
}
