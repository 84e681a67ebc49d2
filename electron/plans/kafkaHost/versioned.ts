/** A step that brings a program as an archive: fetched by the host or sent, each version in a folder of its own, one of them current. */

import { absent, present } from '../../plan/findings.ts'
import type { Finding, Step, StepContext } from '../../plan/step.ts'
import { bringArchive, type WantedArchive } from './archive.ts'
import { type KafkaHostDeps, rootOf } from './deps.ts'
import { installedScript, unpackScript } from './unpackCommands.ts'
import { places } from './wanted.ts'

export interface Versioned {
  /** Of the step, and of its folder below that of our programs. */
  readonly id: string
  readonly title: string
  readonly needs: readonly string[]
  /** For a person: `Kafka`. */
  readonly name: string
  version(): string
  folder(version: string): string
  /** The link to the folder in use. */
  readonly current: string
  archive(): Promise<WantedArchive>
  /** A file that tells that an archive is the right one. */
  readonly holds: string
  /** Its archives among the downloads, with the folder, as a shell's pattern. */
  readonly archives: string
  /** Before anything is looked for: a finding that ends the look, or what else later steps are told. */
  before?(context: StepContext, signal: AbortSignal): Promise<Finding | Readonly<Record<string, string>>>
  /** After it was put into place. */
  done?(archive: WantedArchive, sum: string): Promise<void>
}

const isFinding = (early: Finding | Readonly<Record<string, string>>): early is Finding => 'reason' in early

export function versionedStep(deps: KafkaHostDeps, what: Versioned): Step {
  const { id, title, needs, name, version, current, holds } = what
  const look = async (context: StepContext, signal: AbortSignal): Promise<Finding> => {
    const folder = what.folder(version())
    const script = installedScript(folder, current)
    const [state, inUse] = (
      await rootOf(deps, context).must(`Looking for ${name}`, script, { signal })
    ).split('\n')
    if (state === 'absent') return absent(`${name} ${version()} is not there`)
    if (state !== 'same')
      return { state: 'drifted', reason: `Files of ${name} were changed or are missing: ${folder}` }
    if (inUse !== folder)
      return { state: 'drifted', reason: `Another version is the current one: ${inUse || 'none'}` }
    return present(`${name} ${version()} at ${folder}`)
  }
  return {
    id,
    title,
    needs,
    async check(context, signal) {
      const early = (await what.before?.(context, signal)) ?? {}
      if (isFinding(early)) return early
      return { ...(await look(context, signal)), outputs: { ...early, version: version() } }
    },
    async apply(context, signal) {
      const root = rootOf(deps, context)
      await context.own(version())
      const archive = await what.archive()
      const { file, sum } = await bringArchive(deps, archive, context, signal)
      context.progress(null, 'unpacking')
      const folder = what.folder(version())
      const { algorithm } = archive
      const script = unpackScript({ archive: file, algorithm, sum, holds, folder, current })
      await root.must(`Unpacking ${name}`, script, { signal })
      await what.done?.(archive, sum)
    },
    async undo(context, signal) {
      const script = `rm -rf ${places.programs}/${id} ${what.archives}`
      await rootOf(deps, context).must(`Removing ${name}`, script, { signal })
      for (const thing of deps.ledger.things(id)) await context.disown(thing)
    },
  }
}
