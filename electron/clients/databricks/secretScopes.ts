/** Secret scopes: what a notebook reads keys from. Values go in and never come out. */
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import type { Secret } from '../../lib/secret.ts'
import { anything, type Workspace } from './http.ts'

const base = '/api/2.0/secrets'
const scopesSchema = z.object({ scopes: z.array(z.object({ name: z.string() })).default([]) })
const keysSchema = z.object({
  secrets: z.array(z.object({ key: z.string() })).default([]),
})

/** Keys of a scope; null where there is no such scope. Rejects with AppError. */
export async function scopeKeys(
  workspace: Workspace,
  scope: string,
  signal?: AbortSignal,
): Promise<ReadonlySet<string> | null> {
  const { scopes } = await workspace.call(
    { method: 'GET', path: `${base}/scopes/list`, schema: scopesSchema },
    signal,
  )
  if (!scopes.some(({ name }) => name === scope)) return null
  const { secrets } = await workspace.call(
    { method: 'GET', path: `${base}/list`, query: { scope }, schema: keysSchema },
    signal,
  )
  return new Set(secrets.map(({ key }) => key))
}

/** Rejects with AppError; not where it is there already. */
export async function makeScope(workspace: Workspace, scope: string, signal?: AbortSignal): Promise<void> {
  try {
    await workspace.call(
      { method: 'POST', path: `${base}/scopes/create`, body: { scope }, schema: anything },
      signal,
    )
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'DATABRICKS_EXISTS') throw thrown
  }
}

/** Rejects with AppError. */
export async function putSecret(
  workspace: Workspace,
  { scope, key, value }: { readonly scope: string; readonly key: string; readonly value: Secret },
  signal?: AbortSignal,
): Promise<void> {
  const body = { scope, key, string_value: value.reveal() }
  await workspace.call(
    { method: 'POST', path: `${base}/put`, body, schema: anything, repeatable: true },
    signal,
  )
}

/** With what it holds. Rejects with AppError; not where it is gone already. */
export async function deleteScope(workspace: Workspace, scope: string, signal?: AbortSignal): Promise<void> {
  await workspace.find(
    { method: 'POST', path: `${base}/scopes/delete`, body: { scope }, schema: anything, repeatable: true },
    signal,
  )
}
