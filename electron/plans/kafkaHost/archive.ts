/** Brings an archive to the host: fetched by the host itself, or sent from this computer where the host has no way out. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { RootShell } from '../../clients/ssh/sudo.ts'
import { download, fetchText } from '../../lib/download.ts'
import type { StepContext } from '../../plan/step.ts'
import { fetchScript, type SumAlgorithm, sumScript, textScript } from './archiveCommands.ts'
import { type KafkaHostDeps, rootOf } from './deps.ts'
import { places } from './wanted.ts'

export interface WantedArchive {
  /** `Kafka 4.3.1`: for a person. */
  readonly what: string
  /** Its file's name. */
  readonly name: string
  readonly algorithm: SumAlgorithm
  /** Where it is, asked in this order. */
  readonly sources: readonly ArchiveSource[]
}

export interface ArchiveSource {
  readonly url: string
  /** The publisher's own sum of it. */
  readonly sumUrl: string
  /** The hex digest in what `sumUrl` answers; null where it holds none. */
  parseSum(text: string): string | null
}

export interface Brought {
  /** On the host. */
  readonly file: string
  /** Hex digest, as its publisher says. */
  readonly sum: string
}

/** A digest is a few hundred bytes: whoever needs longer is not there, ms. */
const sumMs = 20_000
const mb = (bytes: number) => `${Math.round(bytes / 1_000_000)} MB`

export const downloads = `${places.programs}/downloads`

/** Goes on where an earlier try was cut. Throws AppError HOST_ARCHIVE_NOWHERE. */
export async function bringArchive(
  deps: KafkaHostDeps,
  wanted: WantedArchive,
  context: StepContext,
  signal: AbortSignal,
): Promise<Brought> {
  const file = `${downloads}/${wanted.name}`
  const root = rootOf(deps, context)
  const sum =
    (await fetched(root, wanted, file, context, signal)) ??
    (await sent(deps, root, wanted, file, context, signal))
  return { file, sum }
}

/** By the host itself. Null where it has no way to any of the sites. */
async function fetched(
  root: RootShell,
  { what, algorithm, sources }: WantedArchive,
  file: string,
  context: StepContext,
  signal: AbortSignal,
): Promise<string | null> {
  let sum: string | null = null
  for (const { sumUrl, parseSum } of sources) {
    context.progress(null, 'the host asks for the sum')
    const { code, stdout } = await root.run(textScript(sumUrl), { signal })
    sum = code === 0 ? parseSum(stdout) : null
    if (sum !== null) break
    context.log(`The host has no way to ${sumUrl}`)
  }
  if (sum === null) return null
  for (const { url } of sources) {
    const onLine = (line: string) => {
      const bytes = /^bytes=(\d+)$/.exec(line)?.[1]
      if (bytes === undefined) context.log(line)
      else context.progress(null, `the host fetches ${what}: ${mb(Number(bytes))}`)
    }
    const { code } = await root.run(fetchScript(url, file), { signal, onLine })
    const has = (await root.must('Summing the archive', sumScript(file, algorithm), { signal })).trim()
    if (has === sum) return sum
    context.log(code === 0 ? `What came has another sum: ${url}` : `The host could not fetch ${url}`)
    if (code === 0) await root.must('Removing it', `rm -f ${file}`, { signal })
  }
  return null
}

/** By this computer, into its cache, and over. */
async function sent(
  deps: KafkaHostDeps,
  root: RootShell,
  { what, name, algorithm, sources }: WantedArchive,
  file: string,
  context: StepContext,
  signal: AbortSignal,
): Promise<string> {
  const network = await deps.network()
  const cached = join(deps.cache, 'downloads', name)
  await mkdir(join(deps.cache, 'downloads'), { recursive: true })
  for (const { url, sumUrl, parseSum } of sources) {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(sumMs)])
      const { status, text } = await fetchText(sumUrl, { network, signal: limit })
      const hex = status === 200 ? parseSum(text) : null
      if (hex === null) {
        context.log(`This computer found no sum at ${sumUrl}`)
        continue
      }
      await download({
        url,
        file: cached,
        sum: { algorithm, hex },
        network,
        signal,
        progress: (received, total) =>
          context.progress(
            total === null ? null : received / total / 2,
            `this computer fetches ${what}: ${mb(received)}`,
          ),
      })
      await send(deps, root, { from: cached, to: file }, context, signal)
      return hex
    } catch (thrown) {
      signal.throwIfAborted()
      context.log(thrown instanceof Error ? thrown.message : String(thrown))
    }
  }
  throw new AppError({
    code: 'HOST_ARCHIVE_NOWHERE',
    message: `Neither the host nor this computer could fetch ${what}.`,
    hint: 'Check the version and the mirrors in Settings, and the network of both. What has come already is kept.',
  })
}

/** A file of this computer, to where only root may write. */
export async function send(
  deps: Pick<KafkaHostDeps, 'host'>,
  root: RootShell,
  { from, to }: { readonly from: string; readonly to: string },
  context: StepContext,
  signal: AbortSignal,
): Promise<void> {
  const name = to.slice(to.lastIndexOf('/') + 1)
  const folder = to.slice(0, to.lastIndexOf('/'))
  // Where this user may write; root takes it from there.
  const aside = `/var/tmp/pipeline-control-${name}`
  const { resumedAt } = await deps.host().upload(from, aside, {
    signal,
    onProgress: (done, total) => context.progress(0.5 + done / total / 2, `to the host: ${mb(done)}`),
  })
  if (resumedAt > 0) context.log(`Went on at ${resumedAt} bytes that were there already`)
  await root.must(
    `Taking ${name}`,
    `mkdir -p ${folder} && chown root:root ${aside} && chmod 0644 ${aside} && mv -f ${aside} ${to}`,
    { signal },
  )
}
