/** Fetches a Java runtime from Adoptium where the computer has none that is new enough. */
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { download } from '../../lib/download.ts'
import { unpack } from '../../lib/unpack.ts'

/** The newest line with long support that Kafka 4.3 is tested with. */
const feature = 21

/** The part we use of `GET /v3/assets/latest/{feature}/hotspot`. */
const assetsSchema = z
  .array(
    z.object({
      release_name: z.string().regex(/^[\w.+-]+$/),
      binary: z.object({
        package: z.object({
          name: z.string().regex(/^[\w.+-]+\.(tar\.gz|zip)$/),
          link: z.url(),
          checksum: z.string().regex(/^[0-9a-f]{64}$/),
        }),
      }),
    }),
  )
  .min(1)

const systems: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'linux',
  darwin: 'mac',
  win32: 'windows',
}
const architectures: Readonly<Record<string, string>> = { x64: 'x64', arm64: 'aarch64' }

/** The address that names the runtime for a system. Throws AppError JAVA_NONE_OFFERED. */
export function assetsUrl(base: string, platform: NodeJS.Platform, arch: string): string {
  const os = systems[platform]
  const architecture = architectures[arch]
  if (os === undefined || architecture === undefined) {
    throw new AppError({
      code: 'JAVA_NONE_OFFERED',
      message: `Adoptium has no runtime for this system: ${platform} ${arch}`,
      hint: 'Install Java 17 or newer yourself and set its folder in Settings.',
    })
  }
  const query = new URLSearchParams({ architecture, image_type: 'jre', os, vendor: 'eclipse' })
  return `${base.replace(/\/+$/, '')}/v3/assets/latest/${feature}/hotspot?${query}`
}

export interface JavaDownload {
  /** Of Adoptium's API. */
  readonly base: string
  readonly cache: string
  readonly signal: AbortSignal
  progress(fraction: number | null, text: string): void
}

async function newest(base: string, signal: AbortSignal) {
  const url = assetsUrl(base, process.platform, process.arch)
  const answer = await fetch(url, { signal }).catch((cause) => {
    signal.throwIfAborted()
    throw new AppError(
      {
        code: 'JAVA_SITE_SILENT',
        message: `Adoptium does not answer: ${base}`,
        hint: 'Check the network, or install Java 17 or newer yourself.',
      },
      cause,
    )
  })
  const assets = assetsSchema.safeParse(await answer.json().catch(() => null))
  const first = assets.data?.[0]
  if (first !== undefined) return { release: first.release_name, ...first.binary.package }
  throw new AppError({
    code: 'JAVA_SITE_STRANGE',
    message: `Adoptium’s answer names no runtime (${answer.status}): ${base}`,
    hint: 'Check the mirror in Settings, or install Java 17 or newer yourself.',
  })
}

/** Downloads, checks and unpacks into `<cache>/java/<release>`. */
export async function downloadJava({ base, cache, signal, progress }: JavaDownload): Promise<void> {
  const { release, name, link, checksum } = await newest(base, signal)
  const archive = join(cache, 'downloads', name)
  await download({
    url: link,
    file: archive,
    sum: { algorithm: 'sha256', hex: checksum },
    signal,
    progress: (received, total) =>
      progress(total === null ? null : received / total, `${name}: ${Math.round(received / 1_000_000)} MB`),
  })
  progress(null, `unpacking ${name}`)
  const unpacked = join(cache, 'java', `${release}.new`)
  await unpack(archive, unpacked)
  // The archive holds one folder, named after the release.
  const inner = (await readdir(unpacked))[0] ?? ''
  const home = join(cache, 'java', release)
  await rm(home, { recursive: true, force: true })
  await rename(join(unpacked, inner), home)
  await rm(unpacked, { recursive: true, force: true })
  await rm(archive, { force: true })
}
