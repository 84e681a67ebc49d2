/** Scripts as root on a host: by who we are, by `sudo` without a password, or with the one that was asked for once. */
import { AppError } from '../../../shared/errors.ts'
import { quote } from '../../lib/quote.ts'
import { type Secret, secret } from '../../lib/secret.ts'
import type { Facts } from './facts.ts'
import type { ExecOptions, ExecResult, SshHost } from './types.ts'

export interface RootShell {
  /** Runs the script by `sh -c` as root. Throws AppError SUDO_REFUSED where sudo itself says no; a script that fails is a result. */
  run(script: string, options?: RootOptions): Promise<ExecResult>
  /** The same; throws AppError HOST_COMMAND_FAILED with the last lines where it fails. Answers what it printed. */
  must(what: string, script: string, options?: RootOptions): Promise<string>
}

export interface RootOptions extends Omit<ExecOptions, 'stdin'> {
  /** Given to the script's input. */
  readonly stdin?: string
}

/** Sudo says this and ends with 1 before it runs anything. */
const refusal =
  /a password is required|incorrect password|Sorry, try again|not in the sudoers|not allowed to/i

/** `password` is only used where `become` is `password`; it goes to sudo's input and is in no command line. */
export function rootShell(host: SshHost, become: Facts['sudo'], password: Secret | null): RootShell {
  const run: RootShell['run'] = async (script, { stdin = '', ...options } = {}) => {
    const shell = `sh -c ${quote(script)}`
    if (become === 'root') return host.exec(shell, { ...options, stdin })
    if (become !== 'password') return judged(await host.exec(`sudo -n -- ${shell}`, { ...options, stdin }))
    if (password === null) throw passwordNeeded()
    // -k: it reads the password even where it would still remember one, so that the rest of the input is the script's.
    const input = secret(`${password.reveal()}\n${stdin}`)
    return judged(await host.exec(`sudo -k -S -p '' -- ${shell}`, { ...options, stdin: input }))
  }
  return {
    run,
    must: async (what, script, options) => {
      const { code, stdout, stderr } = await run(script, options)
      if (code === 0) return stdout
      const said = (stderr.trim() || stdout.trim()).split('\n').slice(-3).join(' ')
      throw new AppError({
        code: 'HOST_COMMAND_FAILED',
        message: `${what} failed on the host (${code === null ? 'ended by a signal' : `exit ${code}`}): ${said || 'it said nothing'}`,
        hint: 'The log of this step has its output. Mend what it names and press Set up again.',
      })
    },
  }
}

function judged(result: ExecResult): ExecResult {
  if (result.code !== 1 || result.stdout !== '' || !refusal.test(result.stderr)) return result
  throw new AppError({
    code: 'SUDO_REFUSED',
    message: 'sudo on the host refused.',
    hint: 'Check the password, or give this user the right to use sudo there.',
  })
}

function passwordNeeded(): AppError {
  return new AppError({
    code: 'SUDO_PASSWORD_NEEDED',
    message: 'sudo on the host wants the password of this user.',
    hint: 'Give it as the password of this user on the Machine page; it goes only to sudo’s input.',
    field: 'password',
  })
}
