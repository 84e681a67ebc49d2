/** The step that asks IAM beforehand whether this identity may do what the others need (decision 12: only a denial blocks). */
import type { Step } from '../../plan/step.ts'
import { rightsOf } from '../rights.ts'
import type { MachineDeps } from './deps.ts'

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
    check: async () =>
      rightsOf(await deps.caller(), {
        actions: [...actions, ...(deps.wanted().profile === '' ? [] : ofProfile)],
      }),
    // Rights are given by people.
    apply: async () => {},
  }
}
