/** What every part of the contract is built from: the error every call can answer, and small shared shapes. */
import { oc } from '@orpc/contract'
import { z } from 'zod'

/** Every procedure fails in this one typed way; `message` is the error's own message. */
export const procedure = oc.errors({
  FAILED: {
    status: 422,
    data: z.object({
      code: z.string(),
      hint: z.string(),
      field: z.string().optional(),
    }),
  },
})

/** A failure as a value: shown where it happened, never only in a toast. */
export const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  field: z.string().optional(),
})
export type Problem = z.infer<typeof problemSchema>

/** A pipeline's id: made by us, safe as a folder name. */
export const pipelineIdSchema = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9][a-z0-9-]*$/)

export const inPipeline = z.object({ pipeline: pipelineIdSchema })

/** One-time consent to a destructive call, bound by the back end to exactly what was shown. */
export const consentSchema = z.string().min(16).max(128)

/** Milliseconds since 1970 (UTC). A record may bring any 64-bit number: those beyond 2^53 come rounded. */
export const timeSchema = z.number().refine(Number.isInteger, 'Expected a whole number.')

/** Whole numbers too large for a double (Kafka offsets, Kinesis sequence numbers) travel as decimal text. */
export const bigDecimalSchema = z.string().regex(/^\d+$/)

/** Bytes of a key, a header or a body: text where they are valid UTF-8, else base64. */
export const bytesSchema = z.object({
  encoding: z.enum(['utf8', 'base64']),
  data: z.string(),
  /** Size of the whole in bytes, also where `data` is only the beginning. */
  size: z.int().nonnegative(),
  truncated: z.boolean(),
})
export type Bytes = z.infer<typeof bytesSchema>
