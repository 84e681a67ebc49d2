/** What the app is, what it did, and the few things that concern no pipeline. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { linkIds } from '../links.ts'
import { consentSchema, problemSchema, procedure, timeSchema } from './base.ts'
import { groupOffsetSchema } from './groups.ts'
import { partitionPlaceSchema } from './topicOps.ts'

export const doorSchema = z.enum(['desktop', 'web', 'terminal', 'test'])
export type Door = z.infer<typeof doorSchema>

export const appInfoSchema = z.object({
  version: z.string(),
  door: doorSchema,
  platform: z.string(),
  node: z.string(),
  /** Absolute folders, shown so that a person can find their data. */
  home: z.string(),
  cache: z.string(),
  /** Problems met while starting: a damaged settings file that was put aside, an unusable folder. */
  problems: z.array(problemSchema),
})
export type AppInfo = z.infer<typeof appInfoSchema>

export const activitySchema = z.object({
  id: z.int(),
  at: timeSchema,
  level: z.enum(['info', 'good', 'warn', 'bad']),
  /** The part of the app that acted: `local`, `emulation`, `topics` … */
  area: z.string(),
  pipeline: z.string().nullable(),
  text: z.string(),
  hint: z.string().nullable(),
  /** Set where work came to its end that a person may have left alone. */
  ended: z
    .object({
      /** The page that shows it, without its first slash. */
      path: z.string(),
      tookMs: z.number(),
    })
    .nullable()
    .default(null),
  /** Set where a person is reminded of something: the page that shows it, without its first slash. */
  remind: z.object({ path: z.string() }).nullable().default(null),
})
export type Activity = z.infer<typeof activitySchema>

/** What a destructive call would destroy; the answer's text is what the person is asked. */
export const consentRequestSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('topics.remove'), pipeline: z.string(), names: z.array(z.string()).min(1) }),
  z.object({
    action: z.literal('topics.empty'),
    pipeline: z.string(),
    topic: z.string(),
    before: z.array(partitionPlaceSchema).min(1),
  }),
  z.object({ action: z.literal('topics.recreate'), pipeline: z.string(), topic: z.string() }),
  z.object({
    action: z.literal('groups.reset'),
    pipeline: z.string(),
    group: z.string(),
    offsets: z.array(groupOffsetSchema).min(1),
  }),
  z.object({ action: z.literal('groups.remove'), pipeline: z.string(), group: z.string() }),
  z.object({ action: z.literal('streams.remove'), pipeline: z.string(), names: z.array(z.string()).min(1) }),
  z.object({
    action: z.literal('consumers.deregister'),
    pipeline: z.string(),
    stream: z.string(),
    consumer: z.string(),
  }),
  z.object({ action: z.literal('pipelines.remove'), pipeline: z.string() }),
  z.object({ action: z.literal('secrets.forgetAll'), names: z.array(z.string()) }),
  z.object({ action: z.literal('local.wipe'), pipeline: z.string() }),
  z.object({
    action: z.literal('plan.undo'),
    pipeline: z.string(),
    plan: z.enum(['kafkaHost', 'machine', 'databricks', 'airflow']),
  }),
  z.object({ action: z.literal('machines.terminate'), pipeline: z.string(), id: z.string() }),
])
export type ConsentRequest = z.infer<typeof consentRequestSchema>

export const consentQuestionSchema = z.object({
  title: z.string(),
  /** What becomes of what is listed: "It deletes, for good:". */
  lead: z.string(),
  /** Each thing that would be lost, with its size: "0a1b.pin: 12,345 messages". */
  losses: z.array(z.string()),
  /** What must be typed to agree on the web and in the terminal. */
  typed: z.string(),
  /** The word on the button that agrees. */
  agree: z.string(),
})
export type ConsentQuestion = z.infer<typeof consentQuestionSchema>

/** The words of every question about deleting. */
export const deletes = { lead: 'This cannot be undone. It deletes:', agree: 'Delete' } as const

export const supportFileSchema = z.object({ name: z.string(), text: z.string() })
export type SupportFile = z.infer<typeof supportFileSchema>

export const appContract = {
  info: procedure.output(appInfoSchema),
  /** For another person who is to help: redacted, and shown before it is saved. */
  support: procedure.output(z.array(supportFileSchema)),
  licences: procedure.output(z.object({ text: z.string() })),
  /** Opens one of a closed list of addresses in the system browser. */
  openLink: procedure.input(z.object({ link: z.enum(linkIds) })).output(z.object({ opened: z.boolean() })),
  activity: {
    list: procedure
      .input(z.object({ limit: z.int().min(1).max(5_000).default(500) }))
      .output(z.array(activitySchema)),
    watch: procedure.output(eventIterator(z.array(activitySchema))),
  },
  /** First half of every destructive call: what exactly would be lost. */
  consentQuestion: procedure.input(consentRequestSchema).output(consentQuestionSchema),
  /**
   * Second half. On the desktop the native dialog is shown and `typed` is ignored; elsewhere `typed` must equal the
   * question's. Answers null where the person said no.
   */
  consent: procedure
    .input(z.object({ request: consentRequestSchema, typed: z.string().max(300) }))
    .output(z.object({ token: consentSchema.nullable() })),
  /** What still runs, for the question asked when the app is closed. */
  work: procedure.output(z.object({ runs: z.array(z.string()), stack: z.boolean() })),
}
