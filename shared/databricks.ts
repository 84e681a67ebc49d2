/** A pipeline's Databricks workspace: how it is signed in to, where its parts lie there, and what its job looks like. */
import { z } from 'zod'

/**
 * `token`: a personal access token. `oauth`: a service principal (machine to machine). `browser`: the person, by a sign-in in
 * the browser. `profile`: one of `~/.databrickscfg`.
 */
export const databricksAuthSchema = z.enum(['none', 'token', 'oauth', 'browser', 'profile'])
export type DatabricksAuth = z.infer<typeof databricksAuthSchema>

/** Where the job reads the lake: a volume this app fills, an external location, `s3a://` by keys, or the classic mount. */
export const lakePlaceSchema = z.enum(['volume', 'external', 'keys', 'mount'])
export type LakePlace = z.infer<typeof lakePlaceSchema>

const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/

/** What a person copies is often the address of a page: only the workspace's own part of it is kept. */
const hostSchema = z
  .string()
  .trim()
  .max(500)
  .overwrite((text) => {
    const whole = text === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
    return URL.canParse(whole) ? new URL(whole).origin : text
  })
  .refine((text) => {
    if (text === '') return true
    const url = URL.canParse(text) ? new URL(text) : null
    return url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.test(url.hostname))
  }, 'The address of a workspace begins with https://, such as https://dbc-a1b2345c-d6e7.cloud.databricks.com.')

const word = (what: string) =>
  z
    .string()
    .trim()
    .max(128, `${what} has at most 128 characters.`)
    .regex(/^[\w.@-]*$/, `${what} has letters, digits, ., @, - and _ only.`)

export const databricksSettingsSchema = z.object({
  auth: databricksAuthSchema.default('none'),
  /** Of the workspace; empty for that of the profile. */
  host: hostSchema.default(''),
  /** Of a service principal: its application id. */
  clientId: word('A client id').default(''),
  /** Of `~/.databrickscfg`; empty means `DATABRICKS_CONFIG_PROFILE`, else `DEFAULT`. */
  profile: z.string().trim().max(128).default(''),
  /** Of the workspace's tree, where the notebooks are put; empty for one in the person's own folder. */
  folder: z
    .string()
    .trim()
    .max(500)
    .regex(
      /^(?:\/(?:Workspace|Users|Shared|Repos)\/[^\n]+)?$/,
      'A folder begins with /Users/, /Shared/ or /Workspace/.',
    )
    .default(''),
  lake: z
    .object({
      place: lakePlaceSchema.default('volume'),
      /** `catalog.schema.volume`; empty for one of this pipeline's own in the workspace's catalog. */
      volume: z
        .string()
        .trim()
        .regex(/^(?:[\w-]+\.[\w-]+\.[\w-]+)?$/, 'A volume is named catalog.schema.volume.')
        .default(''),
      /** Of the other places: where the topics lie. */
      path: z
        .string()
        .trim()
        .max(1_024)
        .regex(
          /^(?:(?:s3a?:\/\/|\/mnt\/|\/Volumes\/)\S+)?$/,
          'A place such as s3://bucket/topics or /mnt/name/topics.',
        )
        .default(''),
      /** Of a mount: the bucket behind it. */
      bucket: z.string().trim().max(63).default(''),
    })
    .prefault({}),
  compute: z
    .object({
      kind: z.enum(['serverless', 'cluster']).default('serverless'),
      /** An existing one, by its id or its name. */
      cluster: z.string().trim().max(128).default(''),
    })
    .prefault({}),
  /** Of Unity Catalog, for the streams; empty for the keys of the secret scope. */
  serviceCredential: word('A service credential').default(''),
  /** The streams are read by a job of their own. */
  streams: z.boolean().default(false),
  /** Quartz cron with six or seven fields (seconds first); empty for none: it is run by hand or by Airflow. */
  schedule: z
    .string()
    .trim()
    .max(120)
    .regex(
      /^(?:\S+(?: \S+){5,6})?$/,
      'Quartz cron has six or seven fields, seconds first: 0 0 6 * * ? is every day at 6:00.',
    )
    .default(''),
  timezone: z
    .string()
    .trim()
    .max(64)
    .regex(/^[\w+/-]+$/, 'A time zone is named like UTC or Europe/London.')
    .default('UTC'),
})
export type DatabricksSettings = z.infer<typeof databricksSettingsSchema>

/** What a token or a client secret looks like: they go into the app and are not shown again. */
export const databricksSecretSchema = z
  .string()
  .trim()
  .min(8, 'A token has at least 8 characters.')
  .max(8_192)
  .regex(/^[\x21-\x7e]+$/, 'A token has no spaces and no letters beyond ASCII.')
