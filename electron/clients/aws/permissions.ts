/** What an identity may do, asked of IAM's simulator and never found out by doing it. */
import type { Permission, Permissions } from '../../../shared/contract/aws.ts'
import { clientConfig } from './clientConfig.ts'
import { awsError, saidOf } from './errors.ts'
import type { AwsAccess } from './types.ts'

/** IAM takes so many actions in one call. */
const actionsAtOnce = 50

/** What one action came to in IAM's simulator. */
interface Evaluation {
  readonly EvalActionName?: string | undefined
  readonly EvalDecision?: string | undefined
  readonly MissingContextValues?: readonly string[] | undefined
  readonly OrganizationsDecisionDetail?: { readonly AllowedByOrganizations?: boolean | undefined } | undefined
  readonly PermissionsBoundaryDecisionDetail?:
    | { readonly AllowedByPermissionsBoundary?: boolean | undefined }
    | undefined
}

/**
 * `resource`: an ARN that they are to be done to; a policy for one thing alone does not count for all.
 * Rejects with AppError only where IAM cannot be reached; what IAM may not be asked is unknown.
 */
export async function simulate(
  access: AwsAccess,
  arn: string,
  actions: readonly string[],
  resource = '*',
): Promise<Permissions> {
  const all = (state: Permission['state'], reason: string): Permissions =>
    report(
      arn,
      actions.map((action) => ({ action, state, reason })),
      resource,
    )
  if (/:root$/.test(arn)) return all('allowed', 'The root user may do everything.')
  const { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } = await import('@aws-sdk/client-iam')
  const client = new IAMClient(clientConfig(access))
  try {
    const role = sessionRole(arn)
    const principal =
      role === null
        ? arn
        : // A session's ARN leaves the role's path out; IAM knows it.
          await client
            .send(new GetRoleCommand({ RoleName: role.name }))
            .then(({ Role }) => Role?.Arn ?? role.arn)
            .catch(() => role.arn)
    if (!/:(?:user|role)\//.test(principal)) return all('unknown', 'IAM simulates users and roles only.')
    const found: Permission[] = []
    for (let at = 0; at < actions.length; at += actionsAtOnce) {
      const ActionNames = actions.slice(at, at + actionsAtOnce)
      for (let Marker: string | undefined, more = true; more; ) {
        const page = await client.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: principal,
            ActionNames,
            ResourceArns: [resource],
            Marker,
          }),
        )
        found.push(...(page.EvaluationResults ?? []).map(judged))
        Marker = page.Marker
        more = page.IsTruncated === true && Marker !== undefined
      }
    }
    const byAction = new Map(found.map((each) => [each.action.toLowerCase(), each]))
    const none = { state: 'unknown', reason: 'IAM said nothing about it.' } as const
    return report(
      principal,
      actions.map((action) => ({ ...none, ...byAction.get(action.toLowerCase()), action })),
      resource,
    )
  } catch (thrown) {
    const { name = '' } = thrown as Partial<Error>
    if (!mayNotAsk.has(name)) throw awsError(thrown, 'IAM')
    return all('unknown', `IAM could not be asked: ${saidOf(thrown)}`)
  } finally {
    client.destroy()
  }
}

/** Not a fault: whoever may not ask may still be allowed. */
const mayNotAsk = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'NoSuchEntity',
  'NoSuchEntityException',
  'InvalidInput',
  'InvalidInputException',
  'NotImplemented',
])

/** The role behind `arn:…:sts::<account>:assumed-role/<role>/<session>`; null for anything else. */
export function sessionRole(arn: string): { readonly name: string; readonly arn: string } | null {
  const match = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(arn)
  if (match === null) return null
  const [, partition = '', account = '', name = ''] = match
  return { name, arn: `arn:${partition}:iam::${account}:role/${name}` }
}

function judged(each: Evaluation): Permission {
  const action = each.EvalActionName ?? ''
  if (each.EvalDecision === 'allowed') return { action, state: 'allowed', reason: 'A policy allows it.' }
  // A condition that could not be judged: the policy may well allow the real call.
  const missing = each.MissingContextValues ?? []
  if (each.EvalDecision === 'implicitDeny' && missing.length > 0) {
    return { action, state: 'unknown', reason: `It hangs on a condition: ${missing.join(', ')}.` }
  }
  if (each.OrganizationsDecisionDetail?.AllowedByOrganizations === false) {
    return { action, state: 'denied', reason: 'The organisation’s policy (SCP) forbids it.' }
  }
  if (each.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false) {
    return { action, state: 'denied', reason: 'The permissions boundary does not allow it.' }
  }
  return each.EvalDecision === 'explicitDeny'
    ? { action, state: 'denied', reason: 'A policy forbids it.' }
    : { action, state: 'denied', reason: 'No policy allows it.' }
}

const report = (principal: string, actions: Permission[], resource: string): Permissions => ({
  principal,
  actions,
  policy: missingPolicy(actions, resource),
})

/** To copy into IAM; null where nothing is denied. */
export function missingPolicy(actions: readonly Permission[], resource = '*'): string | null {
  const denied = actions.filter(({ state }) => state === 'denied').map(({ action }) => action)
  if (denied.length === 0) return null
  const statement = {
    Sid: 'PipelineControl',
    Effect: 'Allow',
    Action: [...new Set(denied)].sort(),
    Resource: resource,
  }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2)
}
