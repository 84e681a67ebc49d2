/** Fetches a Java runtime from Adoptium where the computer has none that is new enough. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { download, fetchText } from '../../lib/download.ts'
import { jsonOf } from '../../lib/jsonText.ts'
import type { Network } from '../../lib/network.ts'
import { replaceFolder, unpack } from '../../lib/unpack.ts'

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

export interface Machine {
  readonly platform: NodeJS.Platform
  readonly arch: string
  /** Alpine and its kin have another C library, for which Adoptium builds apart. */
  readonly musl: boolean
}

/** The machine we run on. A Node.js that was built for musl names no glibc in its report. */
function thisMachine(): Machine {
  const { platform, arch } = process
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined
  return { platform, arch, musl: platform === 'linux' && report?.header?.glibcVersionRuntime === undefined }
}

/** The address that names the runtime for a machine. Throws AppError JAVA_NONE_OFFERED. */
export function assetsUrl(base: string, { platform, arch, musl }: Machine): string {
  const os = musl ? 'alpine-linux' : systems[platform]
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
  readonly network?: Network
  readonly signal: AbortSignal
  progress(fraction: number | null, text: string): void
}

/** Its list is answered within moments or not at all, ms. */
const listMs = 30_000

async function newest({ base, network, signal }: JavaDownload) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(listMs)])
  const answer = await fetchText(assetsUrl(base, thisMachine()), {
    signal: limit,
    ...(network ? { network } : {}),
  }).catch((cause) => {
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
  const assets = assetsSchema.safeParse(jsonOf(answer.text))
  const first = assets.data?.[0]
  if (first !== undefined) return { release: first.release_name, ...first.binary.package }
  throw new AppError({
    code: 'JAVA_SITE_STRANGE',
    message: `Adoptium’s answer names no runtime (${answer.status}): ${base}`,
    hint: 'Check the mirror in Settings, or install Java 17 or newer yourself.',
  })
}

/** Downloads, checks and unpacks into `<cache>/java/<release>`. */
export async function downloadJava(wanted: JavaDownload): Promise<void> {
  const { cache, signal, progress, network } = wanted
  progress(null, 'asking Adoptium')
  const { release, name, link, checksum } = await newest(wanted)
  const archive = join(cache, 'downloads', name)
  await download({
    url: link,
    file: archive,
    sum: { algorithm: 'sha256', hex: checksum },
    signal,
    ...(network ? { network } : {}),
    progress: (received, total) =>
      progress(total === null ? null : received / total, `${name}: ${Math.round(received / 1_000_000)} MB`),
  })
  progress(null, `unpacking ${name}`)
  const unpacked = join(cache, 'downloads', release)
  await unpack(archive, unpacked)
  // The archive holds one folder, named after the release.
  const inner = (await readdir(unpacked))[0] ?? ''
  await replaceFolder(join(unpacked, inner), join(cache, 'java', release))
  await rm(unpacked, { recursive: true, force: true })
  await rm(archive, { force: true })
}
