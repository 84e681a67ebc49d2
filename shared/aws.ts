/** How a pipeline signs in to AWS: the choice itself, which is a setting and holds no secret. */
import { z } from 'zod'

/**
 * `none`: no connection. `auto`: the profile, else the environment, else the instance's own role. The others: this one only.
 */
export const awsSourceSchema = z.enum(['none', 'auto', 'profile', 'environment', 'instance', 'keys'])
export type AwsSource = z.infer<typeof awsSourceSchema>

/** Told apart at a glance; the account's number always stands beside it. */
export const awsColourSchema = z.enum(['grey', 'blue', 'green', 'amber', 'red', 'violet'])
export type AwsColour = z.infer<typeof awsColourSchema>

export const roleArnSchema = z
  .string()
  .trim()
  .max(2_048)
  .regex(
    /^(?:|arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+)$/,
    'A role’s ARN looks like arn:aws:iam::123456789012:role/name.',
  )

const endpoint = z
  .string()
  .trim()
  .pipe(
    z.union([
      z.literal(''),
      z.url({ protocol: /^https?$/, error: 'Enter an address that begins with http:// or https://.' }),
    ]),
  )

export const awsChoiceSchema = z.object({
  source: awsSourceSchema.default('none'),
  /** Of `~/.aws`; empty means `AWS_PROFILE`, else `default`. */
  profile: z.string().trim().max(128, 'A profile’s name has at most 128 characters.').default(''),
  /** Empty means the profile's own, else that of the environment. */
  region: z
    .string()
    .trim()
    .regex(/^(?:|[a-z]{2}(?:-[a-z]+)+-\d)$/, 'A region looks like us-east-1.')
    .default(''),
  /** Assumed on top of the source. */
  roleArn: roleArnSchema.default(''),
  /** Of an emulator that imitates AWS; empty means AWS itself. */
  endpoint: endpoint.default(''),
  colour: awsColourSchema.default('grey'),
})
export type AwsChoice = z.infer<typeof awsChoiceSchema>

export const accessKeyIdSchema = z
  .string()
  .trim()
  .regex(/^[A-Z0-9]{16,128}$/, 'An access key id has 16 or more capital letters and digits, like AKIA….')
const secretText = (what: string, least: number) =>
  z
    .string()
    .trim()
    .min(least, `${what} has at least ${least} characters.`)
    .max(8_192)
    .regex(/^[\x21-\x7e]+$/, `${what} has no spaces and no letters beyond ASCII.`)

/** Keys typed in: they go into the app and are not shown again. */
export const awsKeysSchema = z.object({
  accessKeyId: accessKeyIdSchema,
  secretAccessKey: secretText('A secret access key', 16),
  /** Only of temporary keys. */
  sessionToken: secretText('A session token', 16).optional(),
})
export type AwsKeysInput = z.infer<typeof awsKeysSchema>

/** The six digits of an authenticator. */
export const mfaCodeSchema = z
  .string()
  .trim()
  .regex(/^\d{6}$/, 'The code has six digits.')
