/** What runs on a pipeline's machine: its systemd units, what they use, their files and their journal. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { serviceIdSchema, serviceIds } from '../services.ts'
import { inPipeline, problemSchema, procedure, timeSchema } from './base.ts'

const sizeSchema = z.number().nonnegative()

export const serviceSchema = z.object({
  id: serviceIdSchema,
  title: z.string(),
  /** `pipeline-kafka.service` */
  unit: z.string(),
  installed: z.boolean(),
  /** What its unit says of itself, versions included: "Apache Kafka 4.3.1 on Java 17.0.15". */
  version: z.string(),
  /** systemd's ActiveState: active, activating, deactivating, inactive, failed, reloading. */
  state: z.string(),
  /** systemd's SubState: running, dead, auto-restart, … */
  subState: z.string(),
  /** Since when it is in this state, by the machine's clock. */
  since: timeSchema.nullable(),
  /** systemd's UnitFileState: enabled starts at boot. */
  atBoot: z.string(),
  /** By systemd itself, since it was last started by hand. */
  restarts: z.int().nullable(),
  pid: z.int().nullable(),
  /** Why it ended, where it did: "exit code 1", "signal 9 (oom-kill)". */
  ended: z.string().nullable(),
  /** Bytes of the unit as systemd counts them, with the page cache of its files; null where it does not count. */
  memory: sizeSchema.nullable(),
  /** Bytes of its main process that are in memory. */
  resident: sizeSchema.nullable(),
  /** Of the unit since it was started, else of its main process, ms. */
  cpuMs: sizeSchema.nullable(),
  /** Its file was changed since systemd last read it. */
  changed: z.boolean(),
  /** Of the journal, where it failed or is started again and again. */
  lastLines: z.array(z.string()),
})
export type Service = z.infer<typeof serviceSchema>

export const machineUseSchema = z.object({
  cpus: z.int(),
  /** Processes that wanted to run, on average over 1, 5 and 15 minutes. */
  load: z.array(z.number()),
  upMs: sizeSchema,
  /** Bytes. */
  memory: z.object({ total: sizeSchema, available: sizeSchema }),
  /** Of each file system that holds something of ours. */
  disks: z.array(z.object({ path: z.string(), total: sizeSchema, free: sizeSchema })),
  /** What ours takes on disk; measured at most every half a minute. */
  folders: z.array(z.object({ path: z.string(), what: z.string(), bytes: sizeSchema })),
})
export type MachineUse = z.infer<typeof machineUseSchema>

export const servicesViewSchema = z.object({
  /** `user@host:port` */
  host: z.string(),
  /** The machine's clock when it was asked. */
  at: timeSchema,
  services: z.array(serviceSchema),
  machine: machineUseSchema,
  /** The pipeline that set it up; null where none did. */
  owner: z.string().nullable(),
})
export type ServicesView = z.infer<typeof servicesViewSchema>

export const servicesNowSchema = z.object({
  /** The last that is known; null before the machine has answered. */
  view: servicesViewSchema.nullable(),
  /** Why it does not answer now. */
  problem: problemSchema.nullable(),
  /** True where it is asked again by itself; the stream ends otherwise. */
  retrying: z.boolean(),
})
export type ServicesNow = z.infer<typeof servicesNowSchema>

export const installedFileSchema = z.object({
  path: z.string(),
  /** Null where it is not there. */
  text: z.string().nullable(),
})
export type InstalledFile = z.infer<typeof installedFileSchema>

export const logLineSchema = z.object({
  at: timeSchema,
  service: serviceIdSchema,
  /** What systemd says of the service, not the service itself. */
  system: z.boolean(),
  /** Without control characters, at most 16 KiB. */
  text: z.string(),
})
export type LogLine = z.infer<typeof logLineSchema>

export const logBatchSchema = z.object({
  lines: z.array(logLineSchema),
  /** Since it began. */
  seen: z.int(),
  /** Not sent, because the view was slower than the log. */
  dropped: z.int(),
  /** Lines a second. */
  rate: z.number(),
  /** Why nothing comes now. */
  problem: problemSchema.nullable(),
  /** True where it goes on by itself, after the last line that came; it was the last batch otherwise. */
  retrying: z.boolean(),
})
export type LogBatch = z.infer<typeof logBatchSchema>

const ofService = inPipeline.extend({ service: serviceIdSchema })

export const servicesContract = {
  get: procedure.input(inPipeline).output(servicesViewSchema),
  /** Looks every two seconds while it is watched. */
  watch: procedure.input(inPipeline).output(eventIterator(servicesNowSchema)),
  /** As they are on the machine. */
  files: procedure.input(inPipeline).output(z.array(installedFileSchema)),
  /** Each answers when systemd has done it. */
  restart: procedure.input(ofService).output(servicesViewSchema),
  start: procedure.input(ofService).output(servicesViewSchema),
  stop: procedure.input(ofService).output(servicesViewSchema),
  log: procedure
    .input(
      inPipeline.extend({
        services: z.array(serviceIdSchema).min(1).max(serviceIds.length),
        /** So many of the last ones first. */
        lines: z.int().min(0).max(10_000).default(200),
        /** False ends after those. */
        follow: z.boolean().default(true),
      }),
    )
    .output(eventIterator(logBatchSchema)),
}
