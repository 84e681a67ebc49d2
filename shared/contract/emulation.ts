/** Emulating users who post: settings, preview, runs and their history. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import {
  emulationOptionsSchema,
  previewRecordSchema,
  runSnapshotSchema,
  runSummarySchema,
} from '../emulation.ts'
import { presetSchema } from '../presets.ts'
import { gatewayAccessSchema, gatewayKeySchema } from '../settings.ts'
import { inPipeline, procedure } from './base.ts'

/** The database password and the gateway's key go in and never come out. */
const startInput = inPipeline.extend({
  options: emulationOptionsSchema,
  password: z.string().max(1_024).optional(),
  /** Keep the password for later runs too, where a store is there (contract `secrets`); else for this session. */
  remember: z.boolean().default(false),
  /** For this run only; without them, what the pipeline says and what is held for it. */
  gatewayAccess: gatewayAccessSchema.optional(),
  gatewayKey: gatewayKeySchema.optional(),
})
export type StartInput = z.infer<typeof startInput>
const ofRun = inPipeline.extend({ runId: z.string().regex(/^[a-z0-9-]{1,64}$/) })
const continueInput = ofRun.extend(
  startInput.pick({ password: true, remember: true, gatewayAccess: true, gatewayKey: true }).shape,
)
export type ContinueInput = z.infer<typeof continueInput>

export const emulationContract = {
  /** The first ten posts' records exactly as they would go out; sends nothing. */
  preview: procedure
    .input(startInput)
    .output(z.object({ records: z.array(previewRecordSchema), warnings: z.array(z.string()) })),
  start: procedure.input(startInput).output(runSnapshotSchema),
  /** Goes on where a run that was interrupted, stopped or failed stands in its journal, with the same settings. */
  continue: procedure.input(continueInput).output(runSnapshotSchema),
  pause: procedure.input(ofRun).output(runSnapshotSchema),
  resume: procedure.input(ofRun).output(runSnapshotSchema),
  /** Ends at a record boundary; what is in flight is waited for. */
  stop: procedure.input(ofRun).output(runSnapshotSchema),
  get: procedure.input(ofRun).output(runSnapshotSchema),
  watch: procedure.input(ofRun).output(eventIterator(runSnapshotSchema)),
  /** A person's own; those of the app are `builtinPresets`. */
  presets: procedure.output(z.array(presetSchema)),
  /** One of the same name is replaced; a name of the app's own is refused. */
  savePreset: procedure.input(presetSchema).output(z.array(presetSchema)),
  forgetPreset: procedure.input(z.object({ name: z.string() })).output(z.array(presetSchema)),
  list: procedure.input(inPipeline).output(z.array(runSummarySchema)),
  /** Reads every acknowledged position back; also finishes the report of an interrupted run. */
  verify: procedure.input(ofRun).output(runSnapshotSchema),
  /** Reads the settings of a MySQL source out of the text of a `db_creds.yaml`. */
  importCredentials: procedure
    .input(z.object({ text: z.string().max(100_000), remember: z.boolean().default(false) }))
    .output(
      z.object({
        host: z.string(),
        port: z.int(),
        user: z.string(),
        database: z.string(),
        /** Kept in the back end under this handle; it is never sent to the page. */
        hasPassword: z.boolean(),
      }),
    ),
}
