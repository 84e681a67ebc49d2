/** The step that makes the volume of Unity Catalog that the lake is sent to. */
import { deleteVolume, findVolume, makeVolume, volumeFolder } from '../../clients/databricks/volumes.ts'
import { absent, notNeeded, present } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import { type DatabricksDeps, needsVolume } from './deps.ts'

export function volumeStep(deps: DatabricksDeps): Step {
  return {
    id: 'volume',
    title: 'Volume',
    needs: ['workspace'],
    cost: 'Storage of the workspace’s account, for what is sent to it',
    async check({ outputs }, signal) {
      const { volume = '' } = outputs.workspace ?? {}
      if (!needsVolume(deps.wanted(), volume)) return notNeeded('the lake is read where it is')
      const found = await findVolume(await deps.workspace(), volume, signal)
      if (found === null) return absent(`there is no volume ${volume}`)
      const ours = found.comment.includes(deps.mark) ? 'yes' : ''
      return present(volumeFolder(volume), { volume, folder: volumeFolder(volume), ours })
    },
    async apply(context, signal) {
      const { volume = '' } = context.outputs.workspace ?? {}
      // Before it is made: a run that ends in the middle knows it as its own.
      await context.own(volume)
      await makeVolume(await deps.workspace(), volume, `Pipeline Control, ${deps.mark}`, signal)
      context.log(`Made ${volume}`)
    },
    async undo(context, signal) {
      const workspace = await deps.workspace()
      for (const volume of deps.ledger.things('volume')) {
        const found = await findVolume(workspace, volume, signal)
        // One that a person made under this name meanwhile stays.
        if (found?.comment.includes(deps.mark)) await deleteVolume(workspace, volume, signal)
        else if (found !== null) context.log(`Left, since it is not ours: ${volume}`)
        await context.disown(volume)
      }
    },
  }
}
