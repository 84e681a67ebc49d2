/** The EC2 instances of a pipeline's account and region: seen, switched on and off, and terminated with consent. */
import { z } from 'zod'
import { consentSchema, inPipeline, procedure, timeSchema } from './base.ts'

export const instanceIdSchema = z.string().regex(/^i-[0-9a-f]{8,17}$/, 'An instance id looks like i-0abc….')

/** Since its last start. */
export const runningSchema = z.object({
  ms: z.number(),
  /** Dollars, on demand and before tax; null where the price is not known, and of others than the pipeline's own. */
  cost: z.object({ anHour: z.number(), soFar: z.number() }).nullable(),
})
export type Running = z.infer<typeof runningSchema>

export const machineSchema = z.object({
  id: z.string(),
  /** Of the tag `Name`; empty where there is none. */
  name: z.string(),
  /** EC2's own: pending, running, stopping, stopped, shutting-down. */
  state: z.string(),
  type: z.string(),
  architecture: z.string(),
  zone: z.string(),
  image: z.string(),
  keyName: z.string().nullable(),
  publicAddress: z.string().nullable(),
  privateAddress: z.string().nullable(),
  launchedAt: timeSchema.nullable(),
  /** Null where it does not run. */
  running: runningSchema.nullable(),
  tags: z.record(z.string(), z.string()),
  /** The pipeline's own. */
  chosen: z.boolean(),
  /** The public address it had before, until it is chosen anew: whatever names the old one must be changed (F-04). */
  addressBefore: z.string().nullable(),
})
export type Machine = z.infer<typeof machineSchema>

const ofMachine = inPipeline.extend({ id: instanceIdSchema })

export const machinesContract = {
  list: procedure.input(inPipeline).output(z.array(machineSchema)),
  /** Makes it the pipeline's own; null takes the choice back. */
  choose: procedure
    .input(inPipeline.extend({ id: instanceIdSchema.nullable() }))
    .output(z.array(machineSchema)),
  start: procedure.input(ofMachine).output(z.array(machineSchema)),
  stop: procedure.input(ofMachine).output(z.array(machineSchema)),
  reboot: procedure.input(ofMachine).output(z.array(machineSchema)),
  /** Its disks go with it, as EC2 sets them up. */
  terminate: procedure.input(ofMachine.extend({ consent: consentSchema })).output(z.array(machineSchema)),
}
