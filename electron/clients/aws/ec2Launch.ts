/** What launching an instance takes, through the AWS SDK: a key pair, a security group, the instance, and its console. */
import type { _InstanceType } from '@aws-sdk/client-ec2'
import { withEc2 } from './ec2.ts'
import type { AwsAccess } from './types.ts'

/** Who made it: every resource of ours carries it. */
export const ownerTag = 'pipeline-owner'

/** Amazon's public parameters name the newest image; EC2 looks it up itself, so no right for SSM's own call is needed. */
const imageParameter = (architecture: 'x86_64' | 'arm64') =>
  `resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`

/** `t4g.small`, `c7gn.large`: a `g` behind the generation's number is AWS's own processor. */
export const architectureOf = (type: string): 'x86_64' | 'arm64' =>
  /^[a-z]+\d+g[a-z]*\./.test(type) ? 'arm64' : 'x86_64'

const tags = (owner: string, resource: string, name: string) => ({
  ResourceType: resource as 'instance',
  Tags: [
    { Key: ownerTag, Value: owner },
    { Key: 'Name', Value: name },
  ],
})

export interface FoundKeyPair {
  readonly id: string
  /** The pipeline that made it; null where somebody else did. */
  readonly owner: string | null
}

/** Null where there is none of this name. Rejects with AppError. */
export function findKeyPair(access: AwsAccess, name: string): Promise<FoundKeyPair | null> {
  return withEc2(access, name, async (client) => {
    const { DescribeKeyPairsCommand } = await import('@aws-sdk/client-ec2')
    const { KeyPairs = [] } = await client.send(
      new DescribeKeyPairsCommand({ Filters: [{ Name: 'key-name', Values: [name] }] }),
    )
    const [found] = KeyPairs
    if (found === undefined) return null
    return {
      id: found.KeyPairId ?? '',
      owner: found.Tags?.find(({ Key }) => Key === ownerTag)?.Value ?? null,
    }
  })
}

/** `publicKey` as in `authorized_keys`. Rejects with AppError. */
export function importKeyPair(
  access: AwsAccess,
  { name, owner, publicKey }: { readonly name: string; readonly owner: string; readonly publicKey: string },
): Promise<void> {
  return withEc2(access, name, async (client) => {
    const { ImportKeyPairCommand } = await import('@aws-sdk/client-ec2')
    await client.send(
      new ImportKeyPairCommand({
        KeyName: name,
        PublicKeyMaterial: Buffer.from(publicKey),
        TagSpecifications: [tags(owner, 'key-pair', name)],
      }),
    )
  })
}

export function deleteKeyPair(access: AwsAccess, name: string): Promise<void> {
  return withEc2(access, name, async (client) => {
    const { DeleteKeyPairCommand } = await import('@aws-sdk/client-ec2')
    await client.send(new DeleteKeyPairCommand({ KeyName: name }))
  })
}

export interface FoundGroup {
  readonly id: string
  readonly owner: string | null
  /** What it lets in, each as `port from`: `22 203.0.113.7/32`. */
  readonly rules: readonly string[]
}

/** The security group of this name in the default VPC; null where there is none. Rejects with AppError. */
export function findGroup(access: AwsAccess, name: string): Promise<FoundGroup | null> {
  return withEc2(access, name, async (client) => {
    const { DescribeSecurityGroupsCommand } = await import('@aws-sdk/client-ec2')
    const { SecurityGroups = [] } = await client.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: [name] }] }),
    )
    const [found] = SecurityGroups
    if (found === undefined) return null
    return {
      id: found.GroupId ?? '',
      owner: found.Tags?.find(({ Key }) => Key === ownerTag)?.Value ?? null,
      rules: (found.IpPermissions ?? []).flatMap(({ FromPort, ToPort, IpRanges = [] }) =>
        IpRanges.map(({ CidrIp }) => `${FromPort === ToPort ? FromPort : `${FromPort}-${ToPort}`} ${CidrIp}`),
      ),
    }
  })
}

/** Answers its id. Rejects with AppError. */
export function createGroup(access: AwsAccess, name: string, owner: string): Promise<string> {
  return withEc2(access, name, async (client) => {
    const { CreateSecurityGroupCommand } = await import('@aws-sdk/client-ec2')
    const { GroupId = '' } = await client.send(
      new CreateSecurityGroupCommand({
        GroupName: name,
        Description: 'SSH to the machine of a Pipeline Control pipeline',
        TagSpecifications: [tags(owner, 'security-group', name)],
      }),
    )
    return GroupId
  })
}

export function deleteGroup(access: AwsAccess, id: string): Promise<void> {
  return withEc2(access, id, async (client) => {
    const { DeleteSecurityGroupCommand } = await import('@aws-sdk/client-ec2')
    await client.send(new DeleteSecurityGroupCommand({ GroupId: id }))
  })
}

export interface Launch {
  /** The same token never launches a second one (AWS keeps it for a day and more). */
  readonly token: string
  readonly name: string
  readonly owner: string
  readonly type: string
  readonly keyName: string
  readonly group: string
  readonly diskGiB: number
  /** Name of an instance profile; empty for none. */
  readonly profile: string
  /** Run by cloud-init at the first start; empty for nothing. */
  readonly userData: string
}

/** The newest Amazon Linux 2023, IMDSv2 only, its disk encrypted and gone with it. Answers its id. Rejects with AppError. */
export function launch(access: AwsAccess, what: Launch): Promise<string> {
  return withEc2(access, what.type, async (client) => {
    const { RunInstancesCommand } = await import('@aws-sdk/client-ec2')
    const { Instances = [] } = await client.send(
      new RunInstancesCommand({
        ClientToken: what.token,
        ImageId: imageParameter(architectureOf(what.type)),
        InstanceType: what.type as _InstanceType,
        MinCount: 1,
        MaxCount: 1,
        KeyName: what.keyName,
        SecurityGroupIds: [what.group],
        MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' },
        BlockDeviceMappings: [
          {
            DeviceName: '/dev/xvda',
            Ebs: { VolumeSize: what.diskGiB, VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: true },
          },
        ],
        TagSpecifications: [tags(what.owner, 'instance', what.name), tags(what.owner, 'volume', what.name)],
        ...(what.userData === '' ? {} : { UserData: Buffer.from(what.userData).toString('base64') }),
        ...(what.profile === '' ? {} : { IamInstanceProfile: { Name: what.profile } }),
      }),
    )
    return Instances[0]?.InstanceId ?? ''
  })
}

/** What the instance printed while it started; empty for its first minutes. Rejects with AppError. */
export function consoleOutput(access: AwsAccess, id: string): Promise<string> {
  return withEc2(access, id, async (client) => {
    const { GetConsoleOutputCommand } = await import('@aws-sdk/client-ec2')
    const { Output = '' } = await client.send(new GetConsoleOutputCommand({ InstanceId: id }))
    return Buffer.from(Output, 'base64').toString('utf8')
  })
}
