/** The connectivity doctor: the way from here to Kafka and its proxy, link by link; it changes nothing. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { doctorActionSchema, doctorLinkIds } from '../doctor.ts'
import { inPipeline, problemSchema, procedure } from './base.ts'

export const doctorLinkSchema = z.object({
  id: z.enum(doctorLinkIds),
  /** `skipped`: one that it needs is bad. `unused`: this pipeline has no such link. */
  state: z.enum(['waiting', 'working', 'good', 'warn', 'bad', 'skipped', 'unused']),
  /** What was found, on one line. */
  text: z.string(),
  /** Likely cause and fix of one that is bad, or needs a look. */
  problem: problemSchema.nullable(),
  /** The well-known faults it fits: `F-03`. */
  faults: z.array(z.string()),
  /** The last words of what failed on the machine. */
  lines: z.array(z.string()),
  action: doctorActionSchema.nullable(),
})
export type DoctorLink = z.infer<typeof doctorLinkSchema>

export const doctorSchema = z.object({ links: z.array(doctorLinkSchema), done: z.boolean() })
export type Doctor = z.infer<typeof doctorSchema>

export const doctorContract = {
  /** Looks at each link, one after the other; ends with its stream. Throws DOCTOR_NOT_HERE for a pipeline of this computer. */
  run: procedure.input(inPipeline).output(eventIterator(doctorSchema)),
}
