/** A router that hands every call on to another back end: how a window or a page works on an owner it attached to. */
import { isContractProcedure } from '@orpc/contract'
import { implement, type Router } from '@orpc/server'
import { z } from 'zod'
import { type Contract, contract } from '../../shared/contract.ts'
import type { PageKind } from '../../shared/links.ts'
import type { Platform } from '../platform.ts'
import type { Client } from './cli/session.ts'

type Call = (input: unknown, options: { signal: AbortSignal | undefined }) => Promise<unknown>
/** The client is a tree of the contract's own shape; here it is walked without its types. */
type Tree = Readonly<Record<string, unknown>>

interface Implementer {
  handler(handle: (call: { input: unknown; signal?: AbortSignal }) => Promise<unknown>): unknown
}

/** Pages that an owner without a window could not open, by the call that asked for one: this door opens them. */
const pages: Readonly<Record<string, PageKind>> = {
  'databricks.open': 'databricks',
  'databricks.login': 'databricksSignIn',
  'aws.login': 'awsSignIn',
  'airflow.open': 'airflow',
}
const unopened = z.looseObject({ url: z.string(), opened: z.literal(false) })
const signingIn = z.looseObject({ signIn: unopened })

/** The answer as it is once this door has opened what it names. */
async function opening(kind: PageKind, answer: unknown, { openPage }: Door): Promise<unknown> {
  const page = unopened.safeParse(answer).data
  if (page !== undefined) return { ...page, opened: await openPage(kind, page.url) }
  const status = signingIn.safeParse(answer).data
  if (status === undefined) return answer
  const { signIn } = status
  return { ...status, signIn: { ...signIn, opened: await openPage(kind, signIn.url) } }
}

type Door = Pick<Platform, 'openPage'>

function forwardTree(
  path: string,
  part: Tree,
  implementer: Tree,
  client: Tree,
  door: Door,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => {
      const own = path === '' ? name : `${path}.${name}`
      if (!isContractProcedure(value)) {
        return [name, forwardTree(own, value as Tree, implementer[name] as Tree, client[name] as Tree, door)]
      }
      const call = client[name] as Call
      const kind = pages[own]
      return [
        name,
        (implementer[name] as Implementer).handler(async ({ input, signal }) => {
          const answer = await call(input, { signal })
          return kind === undefined ? answer : opening(kind, answer, door)
        }),
      ]
    }),
  )
}

/** Validates, strips and cancels as the real one does; errors of the owner arrive as they are. */
export function forwardRouter(client: Client, door: Door): Router<Contract, Record<never, never>> {
  // The walk visits exactly the contract's procedures, so the result has its shape.
  return forwardTree(
    '',
    contract,
    implement(contract) as unknown as Tree,
    client as unknown as Tree,
    door,
  ) as unknown as Router<Contract, Record<never, never>>
}
