/** The Kafka cluster itself: brokers, their disks, the state of the partitions, and what it cannot do. */
import { z } from 'zod'
import { inPipeline, procedure, timeSchema } from './base.ts'

export const brokerRowSchema = z.object({
  id: z.int(),
  host: z.string(),
  port: z.int(),
  rack: z.string().nullable(),
  controller: z.boolean(),
  leads: z.int(),
  replicas: z.int(),
  /** Of its replicas those that are in sync. */
  inSync: z.int(),
  dirs: z
    .array(
      z.object({
        path: z.string(),
        /** Bytes. */
        bytes: z.number(),
        partitions: z.int(),
        total: z.number().nullable(),
        usable: z.number().nullable(),
        failure: z.string().nullable(),
      }),
    )
    .nullable(),
  /** Why it does not tell what it keeps. */
  silent: z.string().nullable(),
})
export type BrokerRow = z.infer<typeof brokerRowSchema>

export const troubledPartitionSchema = z.object({
  topic: z.string(),
  partition: z.int(),
  /** −1 while there is none: the partition can be neither read nor written. */
  leader: z.int(),
  replicas: z.array(z.int()),
  inSync: z.array(z.int()),
})
export type TroubledPartition = z.infer<typeof troubledPartitionSchema>

export const clusterDetailSchema = z.object({
  at: timeSchema,
  clusterId: z.string(),
  /** "4.3", by the level its brokers agreed on; null where it does not tell. */
  version: z.string().nullable(),
  topics: z.int(),
  partitions: z.int(),
  brokers: z.array(brokerRowSchema),
  /** Partitions with a replica that is not in sync, or without a leader. */
  troubled: z.array(troubledPartitionSchema),
  abilities: z.array(
    z.object({
      what: z.string(),
      /** Null where the cluster can do it. */
      missing: z.string().nullable(),
    }),
  ),
})
export type ClusterDetail = z.infer<typeof clusterDetailSchema>

export const clusterContract = { get: procedure.input(inPipeline).output(clusterDetailSchema) }
