/** The step that says where the lake is read, and sends this computer's to the volume: only what is not there yet (decision 7). */
import { dirname, join, posix } from 'node:path'
import type { Workspace } from '../../clients/databricks/http.ts'
import { deleteFile, listFiles, makeDirectory, uploadFile } from '../../clients/databricks/volumes.ts'
import { absent, blocked, drifted, present } from '../../plan/findings.ts'
import type { Finding, Step, StepContext } from '../../plan/step.ts'
import type { DatabricksDeps } from './deps.ts'
import { type Difference, differenceOf, lakeFiles, readSent, writeSent } from './lakeFiles.ts'

/** Sent at once. */
const atOnce = 4
/** So many files are sent before it is written down that they were. */
const noteEvery = 50

const placeRules = {
  external: {
    begins: /^(?:s3:\/\/|\/Volumes\/)/,
    like: 's3://bucket/topics, which Unity Catalog knows as external location',
  },
  keys: { begins: /^s3a:\/\//, like: 's3a://bucket/topics' },
  mount: { begins: /^\/mnt\/[^/]+/, like: '/mnt/name/topics' },
} as const

export function lakeStep(deps: DatabricksDeps): Step {
  const look = async ({ outputs }: StepContext, lake: string, signal: AbortSignal) => {
    const workspace = await deps.workspace()
    const to = `${outputs.volume?.folder ?? ''}/topics`
    const there = new Map(
      [...(await listFiles(workspace, to, signal))].map(([path, bytes]) => [posix.relative(to, path), bytes]),
    )
    const here = await lakeFiles(lake)
    const ours = outputs.volume?.ours === 'yes'
    const sent = await readSent(deps.sentFile, `${workspace.host} ${to}`)
    return { workspace, to, sent, here, difference: differenceOf(here, there, sent, ours) }
  }
  /** When the lake was listed to be sent: what came since is left for the next time, and not told as a failure of this one. */
  let sentAt: number | null = null
  return {
    id: 'lake',
    title: 'Lake',
    needs: ['workspace', 'volume'],
    async check(context, signal) {
      const { lake, settings } = deps.wanted()
      const { place, path, bucket } = settings.lake
      if (place !== 'volume') {
        const { begins, like } = placeRules[place]
        if (!begins.test(path))
          return blocked(
            'Where the lake lies was not said',
            `Enter it on the page Databricks, such as ${like}.`,
          )
        if (place === 'mount' && bucket === '')
          return blocked('The bucket behind the mount was not named', 'Enter it on the page Databricks.')
        return present(`it is read at ${path}`, { lake: path.replace(/\/+$/, '') })
      }
      if (lake === null)
        return blocked(
          'This pipeline has no lake on this computer to be sent',
          'Choose an external location or s3a:// on the page Databricks: where its sink writes.',
        )
      if (context.outputs.volume?.folder === undefined) return absent('the volume is not there yet')
      const { to, here, difference } = await look(context, lake, signal)
      const since = sentAt
      sentAt = null
      if (since !== null && Date.now() - since < lookAgainMs)
        return volumeFinding(to, here.length, withoutNewer(difference, since), 0)
      return volumeFinding(to, here.length, difference, await deps.lakeLag())
    },
    async apply(context, signal) {
      const { lake } = deps.wanted()
      if (lake === null) return
      sentAt = null
      await deps.lakeReady(signal, (text) => context.progress(null, text))
      const at = Date.now()
      const { workspace, to, sent, difference } = await look(context, lake, signal)
      await context.own(to)
      for (const name of difference.stale) {
        await deleteFile(workspace, `${to}/${name}`, signal)
        sent.delete(name)
      }
      await send(deps, context, { workspace, lake, to, sent, difference }, signal)
      sentAt = at
    },
    async undo(context, signal) {
      const workspace = await deps.workspace()
      for (const to of deps.ledger.things('lake')) {
        // What else is in a volume of ours goes with the volume, which is taken back next.
        const place = `${workspace.host} ${to}`
        for (const name of (await readSent(deps.sentFile, place)).keys())
          await deleteFile(workspace, `${to}/${name}`, signal)
        await writeSent(deps.sentFile, place, new Map())
        await context.disown(to)
      }
    },
  }
}

/** The engine looks again right after it was sent; a look that comes later is another one, ms. */
const lookAgainMs = 60_000

/** Files that were written after the lake was listed belong to the next time. */
const withoutNewer = (difference: Difference, at: number): Difference => ({
  ...difference,
  toSend: difference.toSend.filter(({ writtenAt }) => writtenAt < at),
})

/** `lag`: records on their way into the lake; null where it has not said so yet. */
function volumeFinding(
  to: string,
  files: number,
  { toSend, stale, same }: Difference,
  lag: number | null,
): Finding {
  const coming =
    lag === null ? 'the lake has not said yet what it lacks' : `${lag} records are on their way into the lake`
  if (files === 0 && lag === 0)
    return blocked(
      'The lake of this computer is empty (F-60)',
      'Start the local stack and send posts on the page Emulation, then try again.',
    )
  if (files > 0 && toSend.length + stale.length === 0 && lag === 0)
    return present(`${same} files in ${to}`, { lake: to })
  const size = megabytes(toSend.reduce((sum, { bytes }) => sum + bytes, 0))
  const words = [
    toSend.length > 0 ? `${toSend.length} files (${size} MB) are to be sent` : '',
    stale.length > 0 ? `${stale.length} are there that the lake no longer has` : '',
    lag === 0 ? '' : coming,
    same > 0 ? `${same} are there` : '',
  ].filter((each) => each !== '')
  return same === 0 && stale.length === 0 ? absent(words.join(', ')) : drifted(words.join(', '))
}

const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1)

interface Sending {
  readonly workspace: Workspace
  readonly lake: string
  readonly to: string
  readonly sent: Map<string, number>
  readonly difference: Difference
}

/** Goes on where it was cut: what arrived whole is not sent again. */
async function send(
  { sentFile }: DatabricksDeps,
  context: StepContext,
  { workspace, lake, to, sent, difference: { toSend } }: Sending,
  signal: AbortSignal,
): Promise<void> {
  const all = toSend.reduce((sum, { bytes }) => sum + bytes, 0)
  for (const folder of new Set(toSend.map(({ name }) => dirname(name))))
    await makeDirectory(workspace, `${to}/${folder}`, signal)
  const place = `${workspace.host} ${to}`
  const waiting = [...toSend]
  let bytes = 0
  let files = 0
  const carry = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      signal.throwIfAborted()
      await uploadFile(
        workspace,
        join(lake, ...file.name.split('/')),
        file.bytes,
        `${to}/${file.name}`,
        signal,
      )
      sent.set(file.name, file.writtenAt)
      bytes += file.bytes
      files += 1
      context.progress(bytes / all, `${files} of ${toSend.length} files, ${megabytes(bytes)} MB`)
      if (files % noteEvery === 0) await writeSent(sentFile, place, sent)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, carry))
  } finally {
    await writeSent(sentFile, place, sent)
  }
  context.log(`Sent ${files} files, ${megabytes(bytes)} MB`)
}
