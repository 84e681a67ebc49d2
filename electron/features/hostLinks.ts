/** The one SSH connection of each pipeline's machine, shared by everything that needs it. */

import { AppError } from '../../shared/errors.ts'
import type { HostSettings } from '../../shared/host.ts'
import { openSshHost } from '../clients/ssh/host.ts'
import type { SshHost, SshState, SshTarget } from '../clients/ssh/types.ts'
import type { Pipelines } from './deps.ts'
import { hostTarget } from './hostTargets.ts'
import type { SecretStore } from './secretStore.ts'

export interface HostLinks {
  /** Made at first use; throws AppError HOST_NONE, SSH_…. It is closed here, never by who got it. */
  of(pipeline: string): Promise<SshHost>
  /** For a connection of one's own, as a worker thread has it; throws AppError HOST_NONE, SSH_…. */
  target(pipeline: string): Promise<SshTarget>
  state(pipeline: string): SshState
  /** Ends the connection; the next use takes the settings and secrets of then. */
  drop(pipeline: string): void
  closeAll(): void
}

export function openHostLinks(deps: {
  readonly pipelines: Pipelines
  readonly secrets: Pick<SecretStore, 'get'>
}): HostLinks {
  const links = new Map<
    string,
    { readonly key: string; readonly host: Promise<SshHost>; opened: SshHost | null }
  >()
  const drop = (pipeline: string) => {
    const link = links.get(pipeline)
    links.delete(pipeline)
    void link?.host.then(
      (host) => host.close(),
      () => {},
    )
  }
  const targetOf = async (pipeline: string, settings: HostSettings): Promise<SshTarget> =>
    (await hostTarget({ pipeline, settings, typed: {}, secrets: deps.secrets })).target
  return {
    async target(pipeline) {
      const { host: settings } = deps.pipelines.get(pipeline).settings
      if (settings === null) throw none()
      return targetOf(pipeline, settings)
    },
    of(pipeline) {
      const { host: settings } = deps.pipelines.get(pipeline).settings
      if (settings === null) return Promise.reject(none())
      const key = JSON.stringify(settings)
      const known = links.get(pipeline)
      if (known?.key === key) return known.host
      drop(pipeline)
      const entry = {
        key,
        host: targetOf(pipeline, settings).then(openSshHost),
        opened: null as SshHost | null,
      }
      links.set(pipeline, entry)
      entry.host.then(
        (host) => {
          entry.opened = host
        },
        () => links.get(pipeline) === entry && links.delete(pipeline),
      )
      return entry.host
    },
    state: (pipeline) => links.get(pipeline)?.opened?.state() ?? 'idle',
    drop,
    closeAll: () => {
      for (const pipeline of [...links.keys()]) drop(pipeline)
    },
  }
}

function none(): AppError {
  return new AppError({
    code: 'HOST_NONE',
    message: 'This pipeline has no machine yet.',
    hint: 'Enter one on the Machine page, or in the terminal: pipeline host set --host <address>.',
    field: 'host',
  })
}
