import { expect, it } from 'vitest'
import { whoIs } from './identity.ts'
import { missingPolicy, sessionRole } from './permissions.ts'

it('maps the ARN of a session to its role, in every partition', () => {
  expect(sessionRole('arn:aws:sts::123456789012:assumed-role/Learner/me@x')).toEqual({
    name: 'Learner',
    arn: 'arn:aws:iam::123456789012:role/Learner',
  })
  expect(sessionRole('arn:aws-cn:sts::123456789012:assumed-role/R/s')?.arn).toBe(
    'arn:aws-cn:iam::123456789012:role/R',
  )
  expect(sessionRole('arn:aws:iam::123456789012:user/ada')).toBeNull()
})

it('says in short who an ARN is', () => {
  expect(whoIs('arn:aws:iam::1:root')).toEqual({ kind: 'root', name: 'root' })
  expect(whoIs('arn:aws:iam::1:user/team/ada')).toEqual({ kind: 'user', name: 'ada' })
  expect(whoIs('arn:aws:sts::1:federated-user/bob')).toEqual({ kind: 'federated', name: 'bob' })
})

it('writes a policy for what is denied, and only for that', () => {
  const of = (action: string, state: 'allowed' | 'denied' | 'unknown') => ({ action, state, reason: '' })
  expect(missingPolicy([of('ec2:RunInstances', 'allowed'), of('iam:PassRole', 'unknown')])).toBeNull()
  expect(
    JSON.parse(missingPolicy([of('ec2:B', 'denied'), of('ec2:A', 'denied'), of('ec2:C', 'unknown')]) ?? ''),
  ).toEqual({
    Version: '2012-10-17',
    Statement: [{ Sid: 'PipelineControl', Effect: 'Allow', Action: ['ec2:A', 'ec2:B'], Resource: '*' }],
  })
})
