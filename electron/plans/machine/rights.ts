/** The step that asks IAM beforehand whether this identity may do what the others need (decision 12: only a denial blocks). */
import { simulate } from '../../clients/aws/permissions.ts'
import type { Step } from '../../plan/step.ts'
import type { MachineDeps } from './deps.ts'
import { blocked, present } from './findings.ts'

/** Of launching, looking and taking back. */
const actions = [
  'ec2:DescribeKeyPairs',
  'ec2:ImportKeyPair',
  'ec2:DeleteKeyPair',
  'ec2:DescribeSecurityGroups',
  'ec2:CreateSecurityGroup',
  'ec2:AuthorizeSecurityGroupIngress',
  'ec2:RevokeSecurityGroupIngress',
  'ec2:DeleteSecurityGroup',
  'ec2:DescribeInstances',
  'ec2:RunInstances',
  'ec2:CreateTags',
  'ec2:StartInstances',
  'ec2:TerminateInstances',
  'ec2:GetConsoleOutput',
  // The newest image is named by a public parameter, which EC2 reads for the caller.
  'ssm:GetParameters',
] as const
/** An instance profile is handed to the instance. */
const ofProfile = ['iam:PassRole'] as const

export function rightsStep(deps: MachineDeps): Step {
  return {
    id: 'rights',
    title: 'Rights in AWS',
    async check() {
      const wanted = [...actions, ...(deps.wanted().profile === '' ? [] : ofProfile)]
      const { access, arn } = await deps.caller()
      const asked = await simulate(access, arn, wanted).catch((thrown: Error) => thrown)
      // Only a denial blocks: an emulator may have no IAM, a network may not lead there.
      if (asked instanceof Error)
        return present(`whether ${arn} may do what this takes is not known: ${asked.message}`)
      const { principal, actions: found, policy } = asked
      const denied = found.filter(({ state }) => state === 'denied')
      if (policy !== null)
        return {
          ...blocked(
            `${principal} may not: ${denied.map(({ action, reason }) => `${action} (${reason})`).join(', ')}`,
            'Attach the policy shown here to it, or ask whoever looks after the account to; then look again.',
          ),
          changes: [{ target: `Policy of ${principal}`, before: '', after: policy }],
        }
      const unknown = found.filter(({ state }) => state === 'unknown')
      const [first] = unknown
      return first === undefined
        ? present(`${principal} may do all ${found.length} things this takes`)
        : present(
            `nothing is denied to ${principal}; ${unknown.length} of ${found.length} cannot be told beforehand: ${first.reason}`,
          )
    },
    // Rights are given by people.
    apply: async () => {},
  }
}
