/** The step that puts the notebooks into a folder of the workspace. */
import { posix } from 'node:path'
import {
  deletePath,
  exportNotebook,
  importNotebook,
  kindAt,
  listFolder,
  makeFolder,
} from '../../clients/databricks/notebooks.ts'
import { absent, blocked, present } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import type { DatabricksDeps } from './deps.ts'

/**
 * The workspace writes a notebook anew from its cells: blank lines around a cell and blanks at a line's end, also after `# MAGIC`,
 * do not come back as they were sent.
 */
const cellsOf = (text: string) =>
  text
    .split(/^# COMMAND -{10}$/m)
    .map((cell) =>
      cell
        .split('\n')
        .map((line) => line.trimEnd())
        .join('\n')
        .replace(/^\n+|(?:\n(?:# MAGIC)?)+$/g, ''),
    )
    .join('\n----\n')
const same = (one: string, other: string) => cellsOf(one) === cellsOf(other)

export function notebooksStep(deps: DatabricksDeps): Step {
  const folderOf = (outputs: Readonly<Record<string, Readonly<Record<string, string>>>>) =>
    outputs.workspace?.folder ?? ''
  return {
    id: 'notebooks',
    title: 'Notebooks',
    needs: ['workspace'],
    async check({ outputs, owns }, signal) {
      const workspace = await deps.workspace()
      const folder = folderOf(outputs)
      const ours = await deps.notebooks()
      if ((await kindAt(workspace, folder, signal)) === null) return absent(`there is no folder ${folder}`)
      const changes: { target: string; before: string; after: string }[] = []
      for (const { name, text } of ours) {
        const target = `${folder}/${name}`
        const before = await exportNotebook(workspace, target, signal)
        if (before !== null && !same(before, text) && !owns(`notebook ${target}`))
          return blocked(
            `There is a notebook that this app on this computer did not make: ${target}`,
            'Name another folder on the page Databricks, or move or delete it there. Another computer of yours may have made it.',
          )
        if (before === null || !same(before, text))
          changes.push({ target, before: before ?? '', after: text })
      }
      const names = ours.map(({ name }) => name).join(', ')
      if (changes.length === 0) return present(`${names} in ${folder}`, { folder })
      const reason = changes.every(({ before }) => before === '')
        ? `${changes.length} of ${ours.length} notebooks are not there yet`
        : `${changes.length} of ${ours.length} notebooks differ from those of this app`
      return {
        state: changes.length === ours.length && changes[0]?.before === '' ? 'absent' : 'drifted',
        reason,
        changes,
      }
    },
    async apply(context, signal) {
      const workspace = await deps.workspace()
      const folder = folderOf(context.outputs)
      for (const each of [posix.dirname(folder), folder])
        if ((await kindAt(workspace, each, signal)) === null) await context.own(`folder ${each}`)
      await makeFolder(workspace, folder, signal)
      const ours = await deps.notebooks()
      for (const [nth, { name, text }] of ours.entries()) {
        signal.throwIfAborted()
        const target = `${folder}/${name}`
        context.progress(nth / ours.length, name)
        const before = await exportNotebook(workspace, target, signal)
        if (before !== null && same(before, text)) continue
        await context.own(`notebook ${target}`)
        await importNotebook(workspace, target, text, signal)
        context.log(`${before === null ? 'Imported' : 'Replaced'} ${target}`)
      }
    },
    async undo(context, signal) {
      const workspace = await deps.workspace()
      for (const thing of deps.ledger.things('notebooks')) {
        const path = thing.replace(/^notebook /, '')
        if (path === thing) continue
        await deletePath(workspace, path, signal)
        await context.disown(thing)
      }
      for (const thing of deps.ledger.things('notebooks').toReversed()) {
        const path = thing.replace(/^folder /, '')
        // What a person put beside ours stays, and the folder with it.
        const rest = await listFolder(workspace, path, signal)
        if (rest.length > 0) context.log(`Left, since it is not empty: ${path} (${rest.join(', ')})`)
        else await deletePath(workspace, path, signal)
        await context.disown(thing)
      }
    },
  }
}
