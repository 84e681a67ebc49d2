/** Enhanced fan-out of a stream: its registered consumers, one of them this app's own. */
import { z } from 'zod'
import { streamNameSchema } from '../names.ts'
import { consentSchema, inPipeline, procedure, timeSchema } from './base.ts'

const ofStream = inPipeline.extend({ stream: streamNameSchema })

export const consumerRowSchema = z.object({
  name: z.string(),
  arn: z.string(),
  state: z.enum(['CREATING', 'DELETING', 'ACTIVE']),
  createdAt: timeSchema,
  /** Registered by this installation, for its tails. */
  ours: z.boolean(),
})
export type ConsumerRow = z.infer<typeof consumerRowSchema>

export const fanOutSchema = z.object({
  /** Why there is none here; null where there is. */
  unsupported: z.string().nullable(),
  consumers: z.array(consumerRowSchema),
  /** The name this installation registers. */
  ownName: z.string(),
  /** What a registered consumer costs, in words; `free` on this computer. */
  cost: z.object({ free: z.boolean(), note: z.string() }),
})
export type FanOut = z.infer<typeof fanOutSchema>

export const consumersContract = {
  list: procedure.input(ofStream).output(fanOutSchema),
  /** Registers this installation's own; answers it where it is there already. Refused where it costs and that was not accepted. */
  register: procedure
    .input(ofStream.extend({ acceptCost: z.boolean().default(false) }))
    .output(consumerRowSchema),
  deregister: procedure
    .input(ofStream.extend({ consumer: z.string().min(1).max(128), consent: consentSchema }))
    .output(z.object({ deregistered: z.boolean() })),
}
