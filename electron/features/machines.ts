/** The contract's branch `machines`: EC2 instances, which of them is the pipeline's, and what became of its address. */
import { deletes } from '../../shared/contract/app.ts'
import type { Machine } from '../../shared/contract/machines.ts'
import { AppError } from '../../shared/errors.ts'
import type { PipelineSettings } from '../../shared/settings.ts'
import { type Machine as Found, listMachines, type PowerAction, power } from '../clients/aws/ec2.ts'
import type { AwsAccess } from '../clients/aws/types.ts'
import { pause } from '../lib/broadcast.ts'
import type { MachineCost } from '../plans/machine/cost.ts'
import type { ActivityLog, ConsentDesk } from './deps.ts'
import { costOfRun, runningMs } from './machineRun.ts'
import type { OpenPipelines } from './pipelineStore.ts'
import { api } from './rpc.ts'

export interface MachinesDeps {
  access(pipeline: string): Promise<AwsAccess>
  readonly pipelines: OpenPipelines
  readonly consent: ConsentDesk
  readonly activity: ActivityLog
  readonly cost: MachineCost
}

/** Nobody waits longer for the price list, ms: the next look has what it answers. */
const priceMs = 3_000

async function inTime<T>(work: Promise<T>): Promise<T | null> {
  const here = new AbortController()
  const late = pause(priceMs, here.signal).then(() => null)
  return Promise.race([work, late]).finally(() => here.abort())
}

const done: Readonly<Record<PowerAction, string>> = {
  start: 'Started',
  stop: 'Stopped',
  reboot: 'Rebooted',
  terminate: 'Terminated',
}

export function machinesFeature({ access, pipelines, consent, activity, cost }: MachinesDeps) {
  const { machines } = api
  const told = (pipeline: string, level: 'info' | 'warn', text: string, hint: string | null = null) =>
    activity.add({ level, area: 'machines', pipeline, text, hint })

  const setMachine = async (pipeline: string, machine: PipelineSettings['machine']) => {
    const { settings } = pipelines.get(pipeline)
    await pipelines.update(pipeline, { ...settings, machine })
  }

  /** A public address lasts until the next stop: whoever used the old one must hear of it (F-04). */
  const noticeAddress = async (pipeline: string, found: readonly Found[]): Promise<void> => {
    const { machine } = pipelines.get(pipeline).settings
    const now = found.find(({ id }) => id === machine.id)?.publicAddress ?? null
    if (now === null || now === machine.address) return
    const before = machine.before || machine.address
    await setMachine(pipeline, { ...machine, address: now, before: before === now ? '' : before })
    if (machine.address === '') return
    told(
      pipeline,
      'warn',
      `The machine has another address: ${now} (before ${machine.address})`,
      'Whatever names the old one, an invoke URL’s integration or a saved connection, must be changed; an Elastic IP stays.',
    )
  }

  const list = async (pipeline: string): Promise<Machine[]> => {
    const aws = await access(pipeline)
    const found = await listMachines(aws)
    await noticeAddress(pipeline, found)
    const { settings } = pipelines.get(pipeline)
    const { id, before } = settings.machine
    const own = found.find((each) => each.id === id)
    const ownCost =
      own === undefined ? null : await inTime(costOfRun(cost, aws, own, { owner: pipeline, ...settings }))
    return found.map((each) => {
      const ms = runningMs(each, Date.now())
      return {
        ...each,
        tags: { ...each.tags },
        chosen: each === own,
        addressBefore: each === own ? before || null : null,
        running: ms === null ? null : { ms, cost: each === own ? ownCost : null },
      }
    })
  }

  const named = async (pipeline: string, id: string): Promise<Machine> => {
    const found = (await list(pipeline)).find((each) => each.id === id)
    if (found !== undefined) return found
    throw new AppError({
      code: 'MACHINE_UNKNOWN',
      message: `There is no such instance in this account and region: ${id}`,
      hint: 'Look at the list; check the region in the header.',
      field: 'id',
    })
  }

  const change = async (pipeline: string, id: string, action: PowerAction): Promise<Machine[]> => {
    const { name } = await named(pipeline, id)
    await power(await access(pipeline), id, action)
    told(pipeline, action === 'terminate' ? 'warn' : 'info', `${done[action]} the instance ${name || id}`)
    return list(pipeline)
  }

  consent.describe('machines.terminate', async ({ pipeline, id }) => {
    const { name, type, state } = await named(pipeline, id)
    return {
      title: `Terminate ${name || id}?`,
      ...deletes,
      losses: [`${id} (${type}, ${state}) with every disk that is set to go with it`],
      typed: name || id,
      agree: 'Terminate',
    }
  })

  return machines.router({
    list: machines.list.handler(({ input }) => list(input.pipeline)),
    choose: machines.choose.handler(async ({ input: { pipeline, id } }) => {
      if (id === null) await setMachine(pipeline, { id: '', address: '', before: '' })
      else {
        const { publicAddress } = await named(pipeline, id)
        await setMachine(pipeline, { id, address: publicAddress ?? '', before: '' })
        told(pipeline, 'info', `Chose the instance ${id}`)
      }
      return list(pipeline)
    }),
    start: machines.start.handler(({ input }) => change(input.pipeline, input.id, 'start')),
    stop: machines.stop.handler(({ input }) => change(input.pipeline, input.id, 'stop')),
    reboot: machines.reboot.handler(({ input }) => change(input.pipeline, input.id, 'reboot')),
    terminate: machines.terminate.handler(async ({ input: { pipeline, id, consent: token } }) => {
      await consent.redeem(token, { action: 'machines.terminate', pipeline, id })
      return change(pipeline, id, 'terminate')
    }),
  })
}
