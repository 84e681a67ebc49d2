/** The links in AWS: who we are there, whether the instance runs at the address that is used, and whether it lets us in. */
import { isIP } from 'node:net'
import type { AwsStatus } from '../../../shared/contract/aws.ts'
import type { PipelineSettings } from '../../../shared/settings.ts'
import { ingressRules, listMachines, type Machine } from '../../clients/aws/ec2.ts'
import type { AwsAccess } from '../../clients/aws/types.ts'
import { proxyEnvOf } from '../../lib/network.ts'
import { type Found, notUsed, type Part, problemOf, single } from './chain.ts'
import { ownAddress } from './ownAddress.ts'
import { portOpen } from './portRule.ts'

export interface AwsLookDeps {
  readonly pipeline: string
  readonly settings: PipelineSettings
  /** Tries the connection now; never rejects for one that does not work. */
  test(pipeline: string): Promise<AwsStatus>
  access(pipeline: string): Promise<AwsAccess>
}

export interface AwsParts {
  readonly parts: Part[]
  /** True once AWS has said that the instance is there and does not run. */
  stopped(): boolean
}

export function awsParts(deps: AwsLookDeps): AwsParts {
  const { pipeline, settings } = deps
  const { machine, host } = settings
  if (settings.aws.source === 'none')
    return {
      stopped: () => false,
      parts: [
        notUsed(['credentials'], 'no identity of AWS is chosen'),
        notUsed(['instance', 'securityGroup'], 'not known without AWS'),
      ],
    }
  let found: Machine | undefined
  const noGroup =
    machine.id === ''
      ? 'no instance is chosen'
      : host === null
        ? 'this pipeline has no machine that is reached by SSH'
        : host.jump === null
          ? null
          : 'the jump host lets us in, not this instance'
  const noInstance = machine.id === '' ? 'no instance is chosen' : null
  const parts = [
    single('credentials', [], async () => credentials(await deps.test(pipeline))),
    noInstance !== null
      ? notUsed(['instance'], noInstance)
      : single('instance', ['credentials'], async () => {
          const all = await listMachines(await deps.access(pipeline))
          found = all.find(({ id }) => id === machine.id)
          return instance(machine.id, found, settings)
        }),
    noGroup !== null || host === null
      ? notUsed(['securityGroup'], noGroup ?? '')
      : single('securityGroup', ['credentials'], async (signal) =>
          found === undefined
            ? { state: 'unused', text: 'the instance could not be looked at' }
            : securityGroup(await deps.access(pipeline), found, host, signal),
        ),
  ]
  return { parts, stopped: () => found !== undefined && asleep.includes(found.state) }
}

const asleep = ['stopping', 'stopped', 'shutting-down']

function credentials({ state, identity, region, via, problem }: AwsStatus): Found {
  if (state === 'connected' && identity !== null)
    return { state: 'good', text: `${identity.name}, account ${identity.account}, ${region}, by ${via}` }
  return {
    state: 'bad',
    text: '',
    problem: problem ?? {
      code: 'AWS_NOT_CONNECTED',
      message: 'This pipeline has no connection to AWS.',
      hint: 'Choose one on the page AWS, or with "pipeline aws use".',
    },
    action: { kind: 'open', page: '/aws' },
  }
}

/** Exported for its test. */
export function instance(id: string, found: Machine | undefined, settings: PipelineSettings): Found {
  if (found === undefined)
    return {
      state: 'bad',
      text: '',
      problem: {
        code: 'MACHINE_UNKNOWN',
        message: `There is no such instance in this account and region: ${id}`,
        hint: 'It was terminated, or is in another region: check the region, or choose another instance.',
      },
      faults: ['F-03'],
      action: { kind: 'open', page: '/aws' },
    }
  const { state } = found
  if (state !== 'running') {
    const comes = state === 'pending'
    return {
      state: comes ? 'warn' : 'bad',
      text: '',
      problem: {
        code: 'MACHINE_NOT_RUNNING',
        message: `The instance is ${state}: ${found.name || id}`,
        hint: comes
          ? 'It is starting; check again in a minute.'
          : 'Start it. Its public address will be another one then, unless it has an Elastic IP.',
      },
      faults: ['F-03', 'F-04'],
      action: state === 'stopped' ? { kind: 'startInstance', instance: id } : null,
    }
  }
  const text = `${found.name || id} is running at ${found.publicAddress ?? found.privateAddress ?? 'no address'}`
  const moved = movedFrom(found, settings)
  if (moved === null) return { state: 'good', text }
  return {
    state: 'warn',
    text,
    problem: {
      code: 'MACHINE_MOVED',
      message: `SSH goes to ${moved}, which is no address of this instance (any more): it has ${addressesOf(found).join(', ')}`,
      hint: 'A public address changes with each start. Enter the new one on the Machine page, also in API Gateway’s integration; an Elastic IP stays.',
    },
    faults: ['F-04'],
    action: { kind: 'open', page: '/machine' },
  }
}

const addressesOf = ({ publicAddress, privateAddress }: Machine) =>
  [publicAddress, privateAddress].filter((address) => address !== null)

/** The address that SSH uses, where it is certainly not the instance's: an address, or a name of EC2 that says its address. */
function movedFrom(found: Machine, { host }: PipelineSettings): string | null {
  if (host === null) return null
  const named = /^ec2-(\d+)-(\d+)-(\d+)-(\d+)\./.exec(host.host)
  const address = named === null ? host.host : named.slice(1).join('.')
  if (isIP(address) === 0) return null
  return addressesOf(found).includes(address) ? null : host.host
}

async function securityGroup(
  access: AwsAccess,
  { groups }: Machine,
  host: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Found> {
  const { network, endpoint } = access
  const names = groups.join(', ')
  // Through a proxy AWS would see the proxy's address, and SSH does not go through it; an emulator is not AWS.
  const outside = endpoint === '' && proxyEnvOf(network) === null
  const [rules, own] = await Promise.all([
    ingressRules(access, groups).catch((thrown) => problemOf(thrown)),
    ownAddress(host.host, { outside, network }, signal),
  ])
  if (!Array.isArray(rules)) return { state: 'warn', text: 'could not be looked at', problem: rules }
  const verdict = portOpen(rules, host.port, own)
  const us = own ?? 'this computer'
  if (verdict.open === 'yes')
    return { state: 'good', text: `${names} opens port ${host.port} to ${verdict.cidr}` }
  const lets = verdict.lets.length === 0 ? 'nobody' : verdict.lets.join(', ')
  const sure = verdict.open === 'no'
  return {
    // SSH may leave by another address than the one we know of: unless nobody is let in, TCP below decides.
    state: sure && verdict.lets.length === 0 ? 'bad' : 'warn',
    text: '',
    problem: {
      code: 'MACHINE_PORT_CLOSED',
      message: sure
        ? `The security group does not open port ${host.port} to ${us}; it opens it to ${lets}: ${names}`
        : `The security group opens port ${host.port} to ${lets}; whether ${us} is among them is not known: ${names}`,
      hint: `Add an inbound rule to the group: SSH, TCP ${host.port}, from your own address${own === null ? '' : ` ${own}/${own.includes(':') ? 128 : 32}`} only.`,
    },
    faults: ['F-03'],
  }
}
