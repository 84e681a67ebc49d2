/** Where the user's own SSH agent listens. */
import { existsSync } from 'node:fs'
import { AppError } from '../../../shared/errors.ts'

/** OpenSSH's agent on Windows (a service that may have to be started). */
const windowsPipe = '\\\\.\\pipe\\openssh-ssh-agent'

/** Null where there is none. */
export function agentSocket(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  if (environment.SSH_AUTH_SOCK) return environment.SSH_AUTH_SOCK
  return platform === 'win32' && existsSync(windowsPipe) ? windowsPipe : null
}

/** The socket; throws AppError SSH_AGENT_MISSING. */
export function needAgent(environment: NodeJS.ProcessEnv = process.env): string {
  const socket = agentSocket(environment, process.platform)
  if (socket !== null) return socket
  throw new AppError({
    code: 'SSH_AGENT_MISSING',
    message: 'No SSH agent runs here (SSH_AUTH_SOCK is not set).',
    hint: 'Start one and add the key: eval $(ssh-agent) && ssh-add <key>; or choose a key file. An app started from the desktop may not see a terminal’s agent.',
    field: 'key',
  })
}
