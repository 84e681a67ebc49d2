/** The plan `machine` of a pipeline: its steps over the pipeline's own identity of AWS. */
import { isIPv4 } from 'node:net'
import { join } from 'node:path'
import { type ConsentQuestion, deletes } from '../../shared/contract/app.ts'
import type { PlanAction, PlanState } from '../../shared/contract/plan.ts'
import { AppError } from '../../shared/errors.ts'
import type { AwsAccess, Caller } from '../clients/aws/types.ts'
import { type Network, networkOf } from '../lib/network.ts'
import { addressService, outsideAddress } from '../lib/outsideAddress.ts'
import { type PlanRunner, planRunner } from '../plan/engine.ts'
import { openLedger } from '../plan/ledger.ts'
import { machineSteps } from '../plans/machine/steps.ts'
import type { SettingsStore } from './deps.ts'
import type { OpenPipelines } from './pipelineStore.ts'
import { hostSecret } from './secretNames.ts'
import type { SecretStore } from './secretStore.ts'

export interface MachinePlanDeps {
  readonly settings: SettingsStore
  readonly pipelines: OpenPipelines
  readonly secrets: Pick<SecretStore, 'get' | 'remember' | 'remove'>
  /** The pipeline's identity of AWS. Throws AppError. */
  awsAccess(pipeline: string): Promise<AwsAccess>
  /** The same, and who that is. Throws AppError. */
  awsCaller(pipeline: string): Promise<Caller>
}

const addressMs = 15_000

/** Throws AppError. */
export async function openMachinePlan(
  id: string,
  deps: MachinePlanDeps,
  onEnd: (action: PlanAction, state: PlanState) => void,
): Promise<PlanRunner> {
  const { pipelines, secrets, settings, awsAccess, awsCaller } = deps
  const ledger = await openLedger(join(pipelines.get(id).folder, 'machine-ledger.json'))
  const keyName = hostSecret(id, 'host', 'key')
  return planRunner({
    plan: 'machine',
    title: 'A machine on EC2',
    ledger,
    steps: machineSteps({
      ledger,
      access: () => awsAccess(id),
      caller: () => awsCaller(id),
      wanted: () => ({ owner: id, ...pipelines.get(id).settings.launch }),
      key: () => secrets.get(keyName),
      keepKey: (key) => secrets.remember(keyName, key),
      forgetKey: () => secrets.remove(keyName),
      ownAddress: async (signal) => ownAddress(await networkOf(settings.get()), signal),
      host: () => pipelines.get(id).settings.host,
      setHost: async (host, { id: instance, address }) => {
        const now = pipelines.get(id).settings
        await pipelines.update(id, { ...now, host, machine: { id: instance, address, before: '' } })
      },
    }),
    onEnd,
  })
}

/** What a person is asked before the machine is given back. */
export const machineQuestion = (name: string, { steps }: PlanState): ConsentQuestion => ({
  title: `Terminate the machine of ${name}?`,
  ...deletes,
  losses: steps.flatMap(({ id, finding }) =>
    id === 'instance' && finding !== null && finding.state !== 'absent'
      ? [`${finding.reason}, with its disk and everything on it`]
      : [],
  ),
  typed: name,
  agree: 'Terminate',
})

async function ownAddress(network: Network, signal: AbortSignal): Promise<string> {
  const found = await outsideAddress(network, addressMs, signal)
  // A rule for port 22 is written for IPv4, as the instance's public address is.
  if (found !== null && isIPv4(found)) return found
  throw new AppError({
    code: 'OWN_ADDRESS_UNKNOWN',
    message: `The address this computer is seen with could not be found out: ${addressService}`,
    hint: 'Say who may reach the machine: pipeline pipelines set <id> launch.from=203.0.113.7/32.',
    field: 'launch.from',
  })
}
