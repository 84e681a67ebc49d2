/** One computer at a time changes a host: a lock that the open connection holds, and who holds it (decision 11). */
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import type { RootShell } from '../../clients/ssh/sudo.ts'
import { jsonOf } from '../../lib/jsonText.ts'
import { quote } from '../../lib/quote.ts'
import { places } from './wanted.ts'

const lock = `${places.volatile}/lock`
const holderFile = `${places.volatile}/holder`
const heldWord = 'pipeline-control: held'

/**
 * Prints one word once the lock is ours, and keeps it until its input ends, whatever ends that: the lock goes with the
 * connection. The first line of its input says who holds it.
 */
export const holdScript = [
  `mkdir -p ${places.volatile}`,
  'read -r who',
  `exec 9> ${lock}`,
  `if ! flock -n 9; then cat ${holderFile} 2>/dev/null; exit 75; fi`,
  `printf '%s\\n' "$who" > ${holderFile}`,
  `echo ${quote(heldWord)}`,
  'cat > /dev/null',
  `rm -f ${holderFile}`,
].join('\n')

export interface Holder {
  /** This computer's name. */
  readonly computer: string
  readonly user: string
  /** ms since 1970, by this computer's clock. */
  readonly since: number
}

const holderSchema = z.object({ computer: z.string(), user: z.string(), since: z.number() })

export interface Held {
  release(): Promise<void>
}

/** Throws AppError HOST_HELD with who holds it. */
export async function hold(root: RootShell, holder: Holder, signal: AbortSignal): Promise<Held> {
  const ending = new AbortController()
  const taken = Promise.withResolvers<void>()
  const ended = root
    .run(holdScript, {
      stdin: `${JSON.stringify(holder)}\n`,
      openUntil: ending.signal,
      signal,
      onLine: (line) => {
        if (line === heldWord) taken.resolve()
      },
    })
    .then((result) => {
      if (result.code === 75) taken.reject(heldBy(result.stdout))
      else taken.reject(notTaken(result.stderr))
    }, taken.reject)
  await taken.promise
  return {
    release: async () => {
      ending.abort()
      await ended
    },
  }
}

function heldBy(text: string): AppError {
  const parsed = holderSchema.safeParse(jsonOf(text))
  const who = parsed.success
    ? `${parsed.data.user} on ${parsed.data.computer}, since ${new Date(parsed.data.since).toISOString()}`
    : 'somebody else'
  return new AppError({
    code: 'HOST_HELD',
    message: `Another computer is setting this host up right now: ${who}`,
    hint: 'Wait until it is done, or stop it there. If it is gone, its hold ends with its connection.',
  })
}

function notTaken(stderr: string): AppError {
  return new AppError({
    code: 'HOST_LOCK_FAILED',
    message: `The host’s lock could not be taken: ${stderr.trim().split('\n').at(-1) ?? ''}`,
    hint: 'The host needs flock (package util-linux) and a writable /run.',
  })
}
