/** Every name that is derived from the user id, in one place (facts: section 8 of the pipeline's description). */
import { z } from 'zod'

/** The three kinds of record every post consists of, in the order the original script sends them. */
export const kinds = ['pin', 'geo', 'user'] as const
export type Kind = (typeof kinds)[number]
export const kindSchema = z.enum(kinds)

/** Any free name is allowed; the course's 12 hex digits are only the usual case. */
export const userIdSchema = z
  .string()
  .trim()
  .min(1, 'Enter a user id.')
  .max(64, 'A user id has at most 64 characters.')
  .regex(/^[A-Za-z0-9_-]+$/, 'A user id has letters, digits, - and _ only.')

/** Kafka's own rule for topic names: 249 characters, and neither "." nor "..". */
export const topicNameSchema = z
  .string()
  .min(1, 'Enter a topic name.')
  .max(249, 'A topic name has at most 249 characters.')
  .regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]+$/, 'A topic name has letters, digits, ., - and _ only.')

/** The Kinesis API's rule for stream names. */
export const streamNameSchema = z
  .string()
  .min(1, 'Enter a stream name.')
  .max(128, 'A stream name has at most 128 characters.')
  .regex(/^[A-Za-z0-9._-]+$/, 'A stream name has letters, digits, ., - and _ only.')

/** `<id>.pin`, `<id>.geo`, `<id>.user`. */
export function topicName(userId: string, kind: Kind): string {
  return `${userId}.${kind}`
}

/** `streaming-<id>-pin|geo|user`. */
export function streamName(userId: string, kind: Kind): string {
  return `streaming-${userId}-${kind}`
}
