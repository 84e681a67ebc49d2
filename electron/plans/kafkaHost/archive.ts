/** Brings an archive to the host: fetched by the host itself, or sent from this computer where the host has no way out. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { RootShell } from '../../clients/ssh/sudo.ts'
import { download, fetchText } from '../../lib/download.ts'
import type { StepContext } from '../../plan/step.ts'
import { fetchScript, type SumAlgorithm, sumScript, textScript, wholeScript } from './archiveCommands.ts'
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
  /** The hex digest that this app was made with: no other archive is taken, whatever a site tells. */
  readonly pinned?: string
  /** Where its publisher tells no sum: the hex digest it had when it first came, null where this is the first time. */
  readonly recorded?: string | null
}

export interface ArchiveSource {
  readonly url: string
  /** The publisher's own sum of it; absent where the archive has none but the pinned or the recorded one. */
  readonly published?: {
    readonly url: string
    /** The hex digest in what the address answers; null where it holds none. */
    parse(text: string): string | null
  }
}

export interface Brought {
  /** On the host. */
  readonly file: string
  /** Hex digest: as it is pinned, as its publisher says, as it was recorded, or of what came where neither is known. */
  readonly sum: string
}

/** A digest is a few hundred bytes: whoever needs longer is not there, ms. */
const sumMs = 20_000
const mb = (bytes: number) => `${Math.round(bytes / 1_000_000)} MB`

/** Goes on where an earlier try was cut. Throws AppError HOST_ARCHIVE_NOWHERE, HOST_ARCHIVE_CHANGED. */
export async function bringArchive(
  deps: KafkaHostDeps,
  wanted: WantedArchive,
  context: StepContext,
  signal: AbortSignal,
): Promise<Brought> {
  const file = `${places.downloads}/${wanted.name}`
  const root = rootOf(deps, context)
  const sum =
    (await fetched(root, wanted, file, context, signal)) ??
    (await sent(deps, root, wanted, file, context, signal))
  return { file, sum }
}

/** The publisher's sum as the host is told it, from the first site that it has a way to; null where there is none. */
async function published(
  root: RootShell,
  sources: readonly ArchiveSource[],
  context: StepContext,
  signal: AbortSignal,
): Promise<string | null> {
  for (const { published } of sources) {
    if (published === undefined) continue
    context.progress(null, 'the host asks for the sum')
    const { code, stdout } = await root.run(textScript(published.url), { signal })
    const sum = code === 0 ? published.parse(stdout) : null
    if (sum !== null) return sum
    context.log(`The host has no way to ${published.url}`)
  }
  return null
}

/** By the host itself. Null where it has no way to any of the sites. */
async function fetched(
  root: RootShell,
  { what, algorithm, sources, pinned, recorded }: WantedArchive,
  file: string,
  context: StepContext,
  signal: AbortSignal,
): Promise<string | null> {
  const known = pinned ?? recorded
  const sum = known === undefined ? await published(root, sources, context, signal) : known
  if (sum === null && known === undefined) return null
  for (const { url } of sources) {
    const onLine = (line: string) => {
      const bytes = /^bytes=(\d+)$/.exec(line)?.[1]
      if (bytes === undefined) context.log(line)
      else context.progress(null, `the host fetches ${what}: ${mb(Number(bytes))}`)
    }
    const { code } = await root.run(fetchScript(url, file), { signal, onLine })
    const has = (await root.must('Summing the archive', sumScript(file, algorithm), { signal })).trim()
    const whole = async () => has !== '' && (await root.run(wholeScript(file), { signal })).code === 0
    if (sum === null ? await whole() : has === sum) return has
    const remove = () => root.must('Removing it', `rm -f ${file}`, { signal })
    // A whole one with another sum than it had: this is for a person to decide.
    if (recorded && (await whole())) {
      await remove()
      throw changed(what, url)
    }
    context.log(code === 0 ? `What came has another sum: ${url}` : `The host could not fetch ${url}`)
    if (code === 0) await remove()
  }
  return null
}

/** By this computer, into its cache, and over. */
async function sent(
  deps: KafkaHostDeps,
  root: RootShell,
  { what, name, algorithm, sources, pinned, recorded }: WantedArchive,
  file: string,
  context: StepContext,
  signal: AbortSignal,
): Promise<string> {
  const network = await deps.network()
  const cached = join(deps.cache, 'downloads', name)
  await mkdir(join(deps.cache, 'downloads'), { recursive: true })
  for (const { url, published } of sources) {
    try {
      let hex = pinned ?? recorded ?? null
      if (published !== undefined) {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(sumMs)])
        const { status, text } = await fetchText(published.url, { network, signal: limit })
        hex = status === 200 ? published.parse(text) : null
        if (hex === null) {
          context.log(`This computer found no sum at ${published.url}`)
          continue
        }
      }
      const sum = await download({
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
      return sum
    } catch (thrown) {
      signal.throwIfAborted()
      if (recorded && thrown instanceof AppError && thrown.code === 'SUM_DIFFERS') throw changed(what, url)
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

function changed(what: string, url: string): AppError {
  return new AppError({
    code: 'HOST_ARCHIVE_CHANGED',
    message: `${what} is not the archive that it was when it first came here: ${url}`,
    hint: 'It was deleted. Its publisher tells no sum, so the first one is remembered: sums.json in this app’s folder. If it was replaced there on purpose, take its line out and press Set up again.',
  })
}
