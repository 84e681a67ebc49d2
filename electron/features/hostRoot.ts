/** Root on a pipeline's machine, over its shared connection, in whatever way this user becomes it there. */
import { askFacts } from '../clients/ssh/facts.ts'
import { type RootShell, rootShell } from '../clients/ssh/sudo.ts'
import type { Pipelines } from './deps.ts'
import type { HostLinks } from './hostLinks.ts'
import { hostSecret } from './secretNames.ts'
import type { SecretStore } from './secretStore.ts'

export interface HostRootDeps {
  readonly links: Pick<HostLinks, 'of' | 'state'>
  readonly secrets: Pick<SecretStore, 'get'>
  readonly pipelines: Pipelines
}

const passwordOf = (deps: HostRootDeps, pipeline: string) =>
  deps.secrets.get(hostSecret(pipeline, 'host', 'password'))

/** Whatever can be missing on this side, before the machine is asked. Throws AppError HOST_NONE, SECRET_LOCKED, SSH_KEY_…. */
export async function ready(deps: HostRootDeps, pipeline: string): Promise<void> {
  await deps.links.of(pipeline)
  await passwordOf(deps, pipeline)
}

/** Throws AppError HOST_NONE, SSH_…. */
export async function rootOn(deps: HostRootDeps, pipeline: string, signal: AbortSignal): Promise<RootShell> {
  const host = await deps.links.of(pipeline)
  const { sudo } = await askFacts(host, signal)
  return rootShell(host, sudo, await passwordOf(deps, pipeline))
}
