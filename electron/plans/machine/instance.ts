/** The step that rents the machine. */
import { randomUUID } from 'node:crypto'
import { listMachines, type Machine, power } from '../../clients/aws/ec2.ts'
import { launch, ownerTag } from '../../clients/aws/ec2Launch.ts'
import { until } from '../../lib/until.ts'
import { absent, drifted, present } from '../../plan/findings.ts'
import type { Step, StepContext } from '../../plan/step.ts'
import { machineCost } from './cost.ts'
import { type MachineDeps, nameOf } from './deps.ts'
import { firstStartScript } from './firstStart.ts'

/** An instance runs within a minute, and is gone within some; ms. */
const runsWithinMs = 300_000
const goneWithinMs = 600_000
const tokenMark = 'token '

export function instanceStep(deps: MachineDeps): Step {
  const cost = machineCost()
  const ours = async (): Promise<Machine | undefined> => {
    const { owner } = deps.wanted()
    const all = await listMachines(await deps.access(), [ownerTag, owner])
    return all.find(({ state }) => state !== 'shutting-down')
  }
  /** Written before the call: the same one asked for again is the same instance, whatever was cut off in between. */
  const token = async (context: StepContext): Promise<string> => {
    const known = deps.ledger.things('instance').find((thing) => thing.startsWith(tokenMark))
    if (known !== undefined) return known.slice(tokenMark.length)
    const made = randomUUID()
    await context.own(`${tokenMark}${made}`)
    return made
  }
  return {
    id: 'instance',
    title: 'Instance',
    needs: ['key', 'group'],
    cost: 'An instance and its disk cost money by the hour until it is undone; a stopped one only for its disk.',
    async check() {
      const found = await ours()
      const access = await deps.access()
      const { type: wanted, diskGiB } = deps.wanted()
      if (found === undefined)
        return absent(
          `no instance of this pipeline; a ${wanted} will be launched, ${await cost.anHour(access, wanted, diskGiB)}`,
        )
      const { id, state, type, publicAddress, privateAddress, launchedAt } = found
      if (state !== 'running') return drifted(`${id} is ${state}`)
      const address = publicAddress ?? privateAddress ?? ''
      const paid = await cost.since(access, type, diskGiB, launchedAt)
      return present(`${id}, ${type}, runs at ${address}; ${paid}`, { id, address })
    },
    async apply(context, signal) {
      const access = await deps.access()
      const { owner, type, diskGiB, profile, stopAfterHours } = deps.wanted()
      const found = await ours()
      if (found?.state === 'stopped') await power(access, found.id, 'start')
      if (found === undefined) {
        const name = nameOf(owner)
        const group = context.outputs.group?.group ?? ''
        const what = {
          token: await token(context),
          name,
          owner,
          type,
          keyName: name,
          group,
          diskGiB,
          profile,
          userData: firstStartScript(stopAfterHours),
        }
        const id = await launch(access, what)
        await context.own(id)
        context.log(`Launched ${id}`)
      }
      context.progress(null, 'waiting until it runs')
      await until(async () => ((await ours())?.state === 'running' ? true : null), {
        withinMs: runsWithinMs,
        everyMs: 2_000,
        signal,
        what: 'the instance runs',
      })
    },
    async undo(context, signal) {
      const found = await ours()
      if (found !== undefined && context.owns(found.id)) {
        context.progress(null, 'terminating')
        await power(await deps.access(), found.id, 'terminate')
        const gone = async () => {
          const left = await listMachines(await deps.access(), [ownerTag, deps.wanted().owner])
          return left.some(({ id }) => id === found.id) ? null : true
        }
        const what = 'the instance is terminated'
        await until(gone, { withinMs: goneWithinMs, everyMs: 2_000, signal, what })
      }
      // The next launch is another instance, so it needs another token.
      for (const thing of deps.ledger.things('instance')) await context.disown(thing)
    },
  }
}
