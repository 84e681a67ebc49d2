/** Answers to the eight questions, of runs here and in Databricks: which there are, and what each says. */
import { z } from 'zod'
import { answersSchema } from '../notebooks.ts'
import { inPipeline, procedure, timeSchema } from './base.ts'

/** The run that gave them; `url` is its page in Databricks, where that is known. */
export const answersFromSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('here'), runId: z.string() }),
  z.object({ kind: z.literal('databricks'), runId: z.string(), url: z.string().nullable() }),
])
export type AnswersFrom = z.infer<typeof answersFromSchema>

/** `here-<run>` or `databricks-<run>`: safe as a file's name. */
export const answerSetIdSchema = z.string().regex(/^(here|databricks)-[a-z0-9-]{1,64}$/)

export const answerSetSchema = z.object({
  id: answerSetIdSchema,
  from: answersFromSchema,
  /** When the run ended. */
  at: timeSchema,
  answers: answersSchema,
})
export type AnswerSet = z.infer<typeof answerSetSchema>

export const answerSetHeadSchema = answerSetSchema.omit({ answers: true })
export type AnswerSetHead = z.infer<typeof answerSetHeadSchema>

export const answersContract = {
  /** Newest first. */
  list: procedure.input(inPipeline).output(z.array(answerSetHeadSchema)),
  get: procedure.input(inPipeline.extend({ id: answerSetIdSchema })).output(answerSetSchema),
}
