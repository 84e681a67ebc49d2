/** Secrets at rest: which store keeps them, and the vault under a passphrase. Values go in and never come out. */
import { z } from 'zod'
import { consentSchema, procedure } from './base.ts'

/** Long enough that guessing it is hopeless with scrypt's work for each try (NIST SP 800-63B asks for 15 or a second factor). */
export const shortestPassphrase = 12

const newPassphrase = z
  .string()
  .min(
    shortestPassphrase,
    `A passphrase has at least ${shortestPassphrase} characters; several words are easiest.`,
  )
  .max(1_024)
const passphrase = z.string().min(1, 'Enter the passphrase.').max(1_024)

export const secretsStatusSchema = z.object({
  /** Where something remembered now would go. */
  tier: z.enum(['keychain', 'vault', 'memory']),
  /** The same in words a person understands. */
  words: z.string(),
  vault: z.enum(['none', 'locked', 'open']),
  items: z.array(
    z.object({
      name: z.string(),
      /** What it is, in words. */
      what: z.string(),
      /** `vault`, or `keychain:` with the name of the system's store. */
      store: z.string(),
      /** False where this door cannot open it now. */
      openable: z.boolean(),
    }),
  ),
})
export type SecretsStatus = z.infer<typeof secretsStatusSchema>

export const secretsContract = {
  status: procedure.output(secretsStatusSchema),
  createVault: procedure.input(z.object({ passphrase: newPassphrase })).output(secretsStatusSchema),
  unlock: procedure.input(z.object({ passphrase })).output(secretsStatusSchema),
  lock: procedure.output(secretsStatusSchema),
  changePassphrase: procedure
    .input(z.object({ passphrase, next: newPassphrase }))
    .output(secretsStatusSchema),
  /** Forgets one; it can be entered again. */
  remove: procedure.input(z.object({ name: z.string().min(1).max(1_000) })).output(secretsStatusSchema),
  /** Forgets everything stored, and the vault: the way on after a forgotten passphrase. */
  forgetAll: procedure.input(z.object({ consent: consentSchema })).output(secretsStatusSchema),
}
