/** The rules of security groups, through the AWS SDK: who may come in at a port. */
import { withEc2 } from './ec2.ts'
import type { AwsAccess } from './types.ts'

/** One port of TCP, for addresses (`203.0.113.7/32`) or for the members of a group (`sg-…`). */
export interface GroupRule {
  /** Whose rule it is: `sg-…`. */
  readonly group: string
  readonly port: number
  readonly from: string
  /** Why: kept in AWS as the rule's description. */
  readonly reason: string
}

/** Of EC2: what is asked for is so already. */
const already = {
  open: ['InvalidPermission.Duplicate'],
  closed: ['InvalidPermission.NotFound', 'InvalidGroup.NotFound'],
}

/** Lets it in, or no longer; a rule that is there already, or gone already, is no error. Rejects with AppError. */
export function changeRule(
  access: AwsAccess,
  { group, port, from, reason }: GroupRule,
  open: boolean,
): Promise<void> {
  return withEc2(access, group, async (client) => {
    const sdk = await import('@aws-sdk/client-ec2')
    const who = from.startsWith('sg-')
      ? { UserIdGroupPairs: [{ GroupId: from, Description: reason }] }
      : { IpRanges: [{ CidrIp: from, Description: reason }] }
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...who }]
    const input = { GroupId: group, IpPermissions }
    try {
      if (open) await client.send(new sdk.AuthorizeSecurityGroupIngressCommand(input))
      else await client.send(new sdk.RevokeSecurityGroupIngressCommand(input))
    } catch (thrown) {
      if (!already[open ? 'open' : 'closed'].includes((thrown as Error).name)) throw thrown
    }
  })
}
