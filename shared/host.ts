/** A machine that is reached by SSH: its address, who we are there, and which key it must show. */
import { z } from 'zod'

export const hostKeySchema = z.object({
  /** `ssh-ed25519` */
  algorithm: z.string().min(1).max(64),
  /** As OpenSSH prints it. */
  sha256: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'A sum looks like SHA256: and 43 characters.'),
})
export type HostKeyPin = z.infer<typeof hostKeySchema>

/** What signs in: an agent's key, a file's, one typed in (kept as a secret), or a password. */
export const keySourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent') }),
  z.object({
    kind: z.literal('file'),
    path: z.string().trim().min(1, 'Enter the file of the key.').max(4_096),
  }),
  z.object({ kind: z.literal('stored') }),
  z.object({ kind: z.literal('password') }),
])
export type KeySource = z.infer<typeof keySourceSchema>

const hopSchema = z.object({
  host: z
    .string()
    .trim()
    .min(1, 'Enter the name or the address of the machine.')
    .max(255)
    .regex(/^[\w.:-]+$/, 'A name or an address, without user, port and spaces.'),
  port: z.int().min(1, 'A port is 1 to 65535.').max(65_535, 'A port is 1 to 65535.').default(22),
  user: z
    .string()
    .trim()
    .min(1, 'Enter the user; Amazon Linux: ec2-user.')
    .max(64)
    .regex(/^[^\s-][^\s]*$/, 'A user has no spaces and does not begin with a dash.')
    .default('ec2-user'),
  key: keySourceSchema.default({ kind: 'agent' }),
  /** The key that was accepted; null goes by known_hosts. */
  hostKey: hostKeySchema.nullable().default(null),
})
export type HostHop = z.infer<typeof hopSchema>

export const hostSettingsSchema = hopSchema.extend({
  /** The host between, as with `ssh -J`. */
  jump: hopSchema.nullable().default(null),
})
export type HostSettings = z.infer<typeof hostSettingsSchema>
