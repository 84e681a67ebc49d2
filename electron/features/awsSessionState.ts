/** What is known of one pipeline's session of AWS, and what it looks like before it was tried and when it failed. */
import { isDeepStrictEqual } from 'node:util'
import type { AwsChoice } from '../../shared/aws.ts'
import type { AwsStatus } from '../../shared/contract/aws.ts'
import type { Problem } from '../../shared/contract/base.ts'
import type { Resolved } from '../clients/aws/types.ts'
import type { Broadcast } from '../lib/broadcast.ts'

export interface Entry {
  readonly state: Broadcast<AwsStatus>
  resolved: Resolved | null
  /** What was tried last; `resolved` was made for it. */
  choice: AwsChoice | null
  /** A try that several wait for. */
  trying: Promise<void> | null
  turn: Promise<unknown>
  timer: ReturnType<typeof setTimeout> | undefined
  signingIn: AbortController | null
}

const asks: Readonly<Record<string, AwsStatus['ask']>> = {
  AWS_SSO_NEEDED: 'signIn',
  AWS_MFA_NEEDED: 'mfaCode',
  AWS_MFA_WRONG: 'mfaCode',
  AWS_KEYS_MISSING: 'keys',
}

/** What decides about the identity; a colour does not. */
export const connection = ({ colour: _, ...rest }: AwsChoice) => rest

export const sameConnection = (one: AwsChoice, other: AwsChoice): boolean =>
  isDeepStrictEqual(connection(one), connection(other))

/** `ask`: what a person would have to give for it to work. */
export const failure = (problem: Problem) => {
  const ask = asks[problem.code] ?? null
  const state = ask === null ? ('failed' as const) : ('ask' as const)
  return { state, ask, problem, identity: null, expiresAt: null }
}

export const notConnected: Problem = {
  code: 'AWS_NOT_CONNECTED',
  message: 'This pipeline has no connection to AWS.',
  hint: 'Choose one on the page AWS, or with "pipeline aws use".',
}

export const noIdentity: Problem = {
  code: 'AWS_IDENTITY_UNKNOWN',
  message: 'AWS has not said yet who this is.',
  hint: 'Press Test first.',
}

/** Before it was tried. */
export function blank(choice: AwsChoice, hasKeys: boolean): AwsStatus {
  return {
    choice,
    state: 'none',
    identity: null,
    via: null,
    region: null,
    expiresAt: null,
    renewable: false,
    ask: null,
    signIn: null,
    tried: [],
    problem: null,
    testedAt: null,
    hasKeys,
  }
}
