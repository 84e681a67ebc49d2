/** The connection to AWS: which identity a pipeline acts as, whether it works, and what it may do. Keys go in and never come out. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { awsChoiceSchema, awsKeysSchema, awsSourceSchema, mfaCodeSchema } from '../aws.ts'
import { inPipeline, problemSchema, procedure, timeSchema } from './base.ts'

export const awsProfileSchema = z.object({
  name: z.string(),
  /** Where its credentials come from. */
  kind: z.enum(['keys', 'role', 'process', 'sso', 'webIdentity', 'other', 'empty']),
  /** What a person recognises it by: the role, the account, the program's name; never a key. */
  detail: z.string(),
  region: z.string().nullable(),
  /** It asks for a code of the authenticator. */
  mfa: z.boolean(),
  /** Why it cannot work, found by reading only. */
  problem: problemSchema.nullable(),
})
export type AwsProfile = z.infer<typeof awsProfileSchema>

export const awsProfilesSchema = z.object({
  items: z.array(awsProfileSchema),
  /** The files that were read, absolute. */
  files: z.array(z.object({ path: z.string(), found: z.boolean() })),
  /** Lines that no tool of AWS understands, and files that cannot be read. */
  problems: z.array(problemSchema),
})
export type AwsProfiles = z.infer<typeof awsProfilesSchema>

export const awsIdentitySchema = z.object({
  account: z.string(),
  /** Null where it has none, or may not be asked for. */
  alias: z.string().nullable(),
  arn: z.string(),
  /** The role or user, in short. */
  name: z.string(),
  kind: z.enum(['root', 'user', 'role', 'federated', 'other']),
})
export type AwsIdentity = z.infer<typeof awsIdentitySchema>

const triedSchema = z.object({
  source: awsSourceSchema,
  /** `absent`: there is nothing of this kind here, and the next was tried. */
  state: z.enum(['used', 'absent', 'failed']),
  text: z.string(),
})

export const awsStatusSchema = z.object({
  choice: awsChoiceSchema,
  state: z.enum(['none', 'testing', 'connected', 'ask', 'failed']),
  identity: awsIdentitySchema.nullable(),
  /** The source in use, in words. */
  via: z.string().nullable(),
  region: z.string().nullable(),
  /** When the credentials end; null where they do not, or it is not known. */
  expiresAt: timeSchema.nullable(),
  /** Renewed without a person. */
  renewable: z.boolean(),
  /** What a person is wanted for. */
  ask: z.enum(['signIn', 'mfaCode', 'keys']).nullable(),
  /** A sign-in under way in the browser. */
  signIn: z
    .object({
      url: z.string(),
      /** To compare with what the browser shows. */
      code: z.string(),
      expiresAt: timeSchema,
      /** False where the person must open the address. */
      opened: z.boolean(),
    })
    .nullable(),
  tried: z.array(triedSchema),
  problem: problemSchema.nullable(),
  testedAt: timeSchema.nullable(),
  hasKeys: z.boolean(),
})
export type AwsStatus = z.infer<typeof awsStatusSchema>

export const permissionSchema = z.object({
  action: z.string(),
  /** Only `denied` blocks (decision 12). */
  state: z.enum(['allowed', 'denied', 'unknown']),
  reason: z.string(),
})
export type Permission = z.infer<typeof permissionSchema>

export const permissionsSchema = z.object({
  /** Whose rights were looked at. */
  principal: z.string(),
  actions: z.array(permissionSchema),
  /** A policy that would allow what is denied; null where nothing is. */
  policy: z.string().nullable(),
})
export type Permissions = z.infer<typeof permissionsSchema>

export const awsContract = {
  profiles: procedure.output(awsProfilesSchema),
  status: procedure.input(inPipeline).output(awsStatusSchema),
  /** Tries the connection by itself when it is first watched. */
  watch: procedure.input(inPipeline).output(eventIterator(awsStatusSchema)),
  /** Chooses and tries. */
  use: procedure.input(inPipeline.extend({ choice: awsChoiceSchema })).output(awsStatusSchema),
  /** Null forgets them. Held for this session, or remembered where a store is there (contract `secrets`). */
  setKeys: procedure
    .input(inPipeline.extend({ keys: awsKeysSchema.nullable(), remember: z.boolean().default(false) }))
    .output(awsStatusSchema),
  /** Asks AWS who we are. With a code, for a profile that wants one. */
  test: procedure.input(inPipeline.extend({ mfaCode: mfaCodeSchema.optional() })).output(awsStatusSchema),
  /** Begins a sign-in in the browser and returns; `watch` shows how it goes on. */
  login: procedure.input(inPipeline).output(awsStatusSchema),
  cancelLogin: procedure.input(inPipeline).output(awsStatusSchema),
  /** What the identity may do, without doing it. */
  permissions: procedure
    .input(
      inPipeline.extend({
        actions: z
          .array(z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/, 'An action looks like ec2:RunInstances.'))
          .min(1)
          .max(100),
      }),
    )
    .output(permissionsSchema),
}
