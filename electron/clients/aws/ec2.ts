/** EC2 through the AWS SDK: the instances there are, what their security groups let in, and switching them on and off. */
import type { EC2Client, Instance } from '@aws-sdk/client-ec2'
import { clientConfig } from './clientConfig.ts'
import type { AwsAccess } from './types.ts'
import { withClient } from './withClient.ts'

export interface Machine {
  readonly id: string
  /** Of the tag `Name`; empty where there is none. */
  readonly name: string
  readonly state: string
  readonly type: string
  readonly architecture: string
  readonly zone: string
  readonly image: string
  readonly keyName: string | null
  readonly publicAddress: string | null
  readonly privateAddress: string | null
  /** Milliseconds since 1970. */
  readonly launchedAt: number | null
  readonly tags: Readonly<Record<string, string>>
  /** Ids of its security groups. */
  readonly groups: readonly string[]
}

/** What one rule lets in. */
export interface IngressRule {
  /** `tcp`, `udp`, `icmp`, a number, or `-1` for all. */
  readonly protocol: string
  /** Null where the protocol has none: all. */
  readonly ports: { readonly from: number; readonly to: number } | null
  /** IPv4 and IPv6: `203.0.113.0/24`. */
  readonly cidrs: readonly string[]
  /** Prefix lists and other groups, by id: whose addresses these are is not known here. */
  readonly others: readonly string[]
}

export type PowerAction = 'start' | 'stop' | 'reboot' | 'terminate'

/** Opens a client for the work and closes it. Rejects with AppError; `what` is what the call was about. */
export async function withEc2<T>(
  access: AwsAccess,
  what: string,
  work: (client: EC2Client) => Promise<T>,
): Promise<T> {
  const sdk = await import('@aws-sdk/client-ec2')
  return withClient(new sdk.EC2Client(clientConfig(access)), what, work)
}

/** All of the region that were not terminated, or those that carry this tag. Rejects with AppError. */
export function listMachines(
  access: AwsAccess,
  tag?: readonly [name: string, value: string],
): Promise<Machine[]> {
  return withEc2(access, access.region, async (client) => {
    const { paginateDescribeInstances } = await import('@aws-sdk/client-ec2')
    const Filters = tag === undefined ? [] : [{ Name: `tag:${tag[0]}`, Values: [tag[1]] }]
    const found: Machine[] = []
    for await (const page of paginateDescribeInstances({ client }, { Filters }))
      for (const { Instances = [] } of page.Reservations ?? []) found.push(...Instances.map(machineOf))
    return found
      .filter(({ state }) => state !== 'terminated')
      .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
  })
}

/** What these security groups let in. Rejects with AppError. */
export function ingressRules(access: AwsAccess, groups: readonly string[]): Promise<IngressRule[]> {
  return withEc2(access, groups.join(', '), async (client) => {
    const { DescribeSecurityGroupsCommand } = await import('@aws-sdk/client-ec2')
    const { SecurityGroups = [] } = await client.send(
      new DescribeSecurityGroupsCommand({ GroupIds: [...groups] }),
    )
    return SecurityGroups.flatMap(({ IpPermissions = [] }) => IpPermissions).map((rule) => ({
      protocol: rule.IpProtocol ?? '-1',
      ports:
        rule.FromPort === undefined || rule.ToPort === undefined
          ? null
          : { from: rule.FromPort, to: rule.ToPort },
      cidrs: [
        ...(rule.IpRanges ?? []).map(({ CidrIp = '' }) => CidrIp),
        ...(rule.Ipv6Ranges ?? []).map(({ CidrIpv6 = '' }) => CidrIpv6),
      ].filter((cidr) => cidr !== ''),
      others: [
        ...(rule.PrefixListIds ?? []).map(({ PrefixListId = '' }) => PrefixListId),
        ...(rule.UserIdGroupPairs ?? []).map(({ GroupId = '' }) => GroupId),
      ],
    }))
  })
}

/** Asks for it and returns at once: the state follows within a minute or so. Rejects with AppError. */
export function power(access: AwsAccess, id: string, action: PowerAction): Promise<void> {
  return withEc2(access, id, async (client) => {
    const sdk = await import('@aws-sdk/client-ec2')
    const input = { InstanceIds: [id] }
    if (action === 'start') await client.send(new sdk.StartInstancesCommand(input))
    if (action === 'stop') await client.send(new sdk.StopInstancesCommand(input))
    if (action === 'reboot') await client.send(new sdk.RebootInstancesCommand(input))
    if (action === 'terminate') await client.send(new sdk.TerminateInstancesCommand(input))
  })
}

function machineOf(instance: Instance): Machine {
  const tags = Object.fromEntries((instance.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
  return {
    id: instance.InstanceId ?? '',
    name: tags.Name ?? '',
    state: instance.State?.Name ?? 'unknown',
    type: instance.InstanceType ?? '',
    architecture: instance.Architecture ?? '',
    zone: instance.Placement?.AvailabilityZone ?? '',
    image: instance.ImageId ?? '',
    keyName: instance.KeyName ?? null,
    publicAddress: instance.PublicIpAddress || null,
    privateAddress: instance.PrivateIpAddress || null,
    launchedAt: instance.LaunchTime?.getTime() ?? null,
    tags,
    groups: (instance.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
  }
}
