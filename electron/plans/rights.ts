/** Asks IAM beforehand whether an identity may do what a step needs (decision 12: only a denial blocks). */
import { simulate } from '../clients/aws/permissions.ts'
import type { Caller } from '../clients/aws/types.ts'
import { blocked, present } from '../plan/findings.ts'
import type { Finding } from '../plan/step.ts'

export interface RightsWanted {
  readonly actions: readonly string[]
  /** ARN of what they are done to; all where it is left out. */
  readonly resource?: string
}

/** Blocked, with a policy to copy, where something is denied. Never rejects for what cannot be told. */
export async function rightsOf(
  { access, arn }: Caller,
  ...wanted: readonly RightsWanted[]
): Promise<Finding> {
  const asked = await Promise.all(
    wanted.map(({ actions, resource }) => simulate(access, arn, actions, resource)),
  ).catch((thrown: Error) => thrown)
  // Only a denial blocks: an emulator may have no IAM, a network may not lead there.
  if (asked instanceof Error)
    return present(`whether ${arn} may do what this takes is not known: ${asked.message}`)
  const principal = asked[0]?.principal ?? arn
  const found = asked.flatMap(({ actions }) => actions)
  const denied = found.filter(({ state }) => state === 'denied')
  const policies = asked.flatMap(({ policy }) => (policy === null ? [] : [policy]))
  if (policies.length > 0)
    return {
      ...blocked(
        `${principal} may not: ${denied.map(({ action, reason }) => `${action} (${reason})`).join(', ')}`,
        'Attach the policy shown here to it, or ask whoever looks after the account to; then look again.',
      ),
      changes: policies.map((after) => ({ target: `Policy of ${principal}`, before: '', after })),
    }
  const unknown = found.filter(({ state }) => state === 'unknown')
  const [first] = unknown
  return first === undefined
    ? present(`${principal} may do all ${found.length} things this takes`)
    : present(
        `nothing is denied to ${principal}; ${unknown.length} of ${found.length} cannot be told beforehand: ${first.reason}`,
      )
}
