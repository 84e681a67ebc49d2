/** The MSK clusters of a pipeline's account and region, and taking one as the pipeline's Kafka. */
import { z } from 'zod'
import { kafkaAccessSchema } from '../settings.ts'
import { inPipeline, procedure } from './base.ts'

export const mskClusterSchema = z.object({
  arn: z.string(),
  name: z.string(),
  /** MSK's own: ACTIVE, CREATING, UPDATING, FAILED … */
  state: z.string(),
  type: z.enum(['provisioned', 'serverless']),
  /** Null where MSK does not tell it: serverless. */
  kafkaVersion: z.string().nullable(),
  brokers: z.int().nullable(),
  /** The pipeline's brokers are this cluster's. */
  chosen: z.boolean(),
})
export type MskCluster = z.infer<typeof mskClusterSchema>

export const mskContract = {
  list: procedure.input(inPipeline).output(z.array(mskClusterSchema)),
  /**
   * Asks for its brokers and writes them into the pipeline, with the way they are spoken to: by IAM where the cluster offers
   * it, else by what it offers first of SCRAM, TLS and plaintext. `access` wants one of them.
   */
  use: procedure
    .input(inPipeline.extend({ arn: z.string(), access: kafkaAccessSchema.optional() }))
    .output(z.array(mskClusterSchema)),
}
