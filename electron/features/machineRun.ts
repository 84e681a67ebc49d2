/** How long an instance has been running, and what that came to. */
import type { Running } from '../../shared/contract/machines.ts'
import type { PipelineSettings } from '../../shared/settings.ts'
import type { Machine } from '../clients/aws/ec2.ts'
import { ownerTag } from '../clients/aws/ec2Launch.ts'
import type { AwsAccess } from '../clients/aws/types.ts'
import type { MachineCost } from '../plans/machine/cost.ts'

/** Since its last start, ms; null where it does not run. */
export const runningMs = ({ state, launchedAt }: Machine, now: number): number | null =>
  state === 'running' && launchedAt !== null ? Math.max(0, now - launchedAt) : null

interface Owner extends Pick<PipelineSettings, 'launch'> {
  /** The pipeline's id. */
  readonly owner: string
}

/** Null where it does not run or its price is not known. Never rejects. */
export async function costOfRun(
  cost: MachineCost,
  access: AwsAccess,
  machine: Machine,
  { owner, launch }: Owner,
  now = Date.now(),
): Promise<Running['cost']> {
  const ms = runningMs(machine, now)
  if (ms === null) return null
  // Of one that was made elsewhere the size of its disk is not known.
  const diskGiB = machine.tags[ownerTag] === owner ? launch.diskGiB : 0
  return cost.ofRun(access, machine.type, diskGiB, ms)
}
