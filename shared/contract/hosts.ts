/** The machine of a pipeline: how it is reached by SSH, a test of it link by link, and sessions on it. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { hostKeySchema, hostSettingsSchema } from '../host.ts'
import { inPipeline, problemSchema, procedure } from './base.ts'

/** Typed in; they go into the app and never come out. */
const typedSchema = z
  .object({
    key: z.string().max(65_536),
    passphrase: z.string().max(1_024),
    password: z.string().max(1_024),
  })
  .partial()
export const hostSecretsSchema = z.object({ host: typedSchema.optional(), jump: typedSchema.optional() })
export type HostSecrets = z.infer<typeof hostSecretsSchema>

const heldSchema = z.object({ key: z.boolean(), passphrase: z.boolean(), password: z.boolean() })

export const hostViewSchema = z.object({
  settings: hostSettingsSchema.nullable(),
  /** Which secrets are there, held or stored. */
  held: z.object({ host: heldSchema, jump: heldSchema }),
  state: z.enum(['idle', 'connecting', 'connected', 'lost', 'closed']),
  /** True where an SSH agent runs on this computer. */
  agent: z.boolean(),
})
export type HostView = z.infer<typeof hostViewSchema>

export const hostFactsSchema = z.object({
  os: z.string(),
  arch: z.string(),
  /** MiB */
  memoryMiB: z.int(),
  diskMiB: z.int(),
  diskFreeMiB: z.int(),
  /** The host's clock minus ours, ms. */
  skewMs: z.int(),
  user: z.string(),
  /** `root`: we are it; `free`: sudo asks nothing; `password`: it asks; `none`: there is no sudo. */
  sudo: z.enum(['root', 'free', 'password', 'none']),
})
export type HostFacts = z.infer<typeof hostFactsSchema>

export const hostLinkSchema = z.object({
  hop: z.enum(['jump', 'host']),
  link: z.enum(['key', 'tcp', 'hostKey', 'signIn', 'facts']),
  state: z.enum(['waiting', 'working', 'good', 'bad']),
  text: z.string(),
  problem: problemSchema.nullable(),
  /** The key the host has shown. */
  shown: hostKeySchema.nullable(),
})
export type HostLink = z.infer<typeof hostLinkSchema>

export const hostTestSchema = z.object({
  links: z.array(hostLinkSchema),
  /** What works and is wrong all the same. */
  warnings: z.array(problemSchema),
  facts: hostFactsSchema.nullable(),
  done: z.boolean(),
})
export type HostTest = z.infer<typeof hostTestSchema>

const inSession = z.object({ session: z.uuid() })
const sizeSchema = z.object({ columns: z.int().min(1).max(1_000), rows: z.int().min(1).max(1_000) })

export const hostOutputSchema = z.object({
  chunks: z.array(z.object({ from: z.enum(['out', 'err']), data: z.base64() })),
  /** Set in the last one. */
  ended: z
    .object({ code: z.int().nullable(), signal: z.string().nullable(), problem: problemSchema.nullable() })
    .nullable(),
})
export type HostOutput = z.infer<typeof hostOutputSchema>

export const hostsContract = {
  get: procedure.input(inPipeline).output(hostViewSchema),
  /** Null forgets the machine and its secrets. Secrets are held for this session, or remembered where a store is there. */
  set: procedure
    .input(
      inPipeline.extend({
        settings: hostSettingsSchema.nullable(),
        secrets: hostSecretsSchema.default({}),
        remember: z.boolean().default(false),
      }),
    )
    .output(hostViewSchema),
  /** Link by link, with these settings or those that are saved; changes nothing. */
  test: procedure
    .input(
      inPipeline.extend({ settings: hostSettingsSchema.optional(), secrets: hostSecretsSchema.default({}) }),
    )
    .output(eventIterator(hostTestSchema)),
  session: {
    /** A login shell, or a command; `size` gives it a terminal. Ends when nobody reads its output any more. */
    open: procedure
      .input(inPipeline.extend({ command: z.string().max(100_000).optional(), size: sizeSchema.optional() }))
      .output(inSession),
    output: procedure.input(inSession).output(eventIterator(hostOutputSchema)),
    input: procedure
      .input(inSession.extend({ data: z.base64().max(1_000_000), end: z.boolean().default(false) }))
      .output(z.object({})),
    resize: procedure.input(inSession.extend(sizeSchema.shape)).output(z.object({})),
    close: procedure.input(inSession).output(z.object({})),
  },
}
