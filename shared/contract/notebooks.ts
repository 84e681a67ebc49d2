/** Notebooks run on this computer: their cells as they work, and the answers they end with. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { answersSchema, notebookIdSchema, valueSchema } from '../notebooks.ts'
import { inPipeline, problemSchema, procedure, timeSchema } from './base.ts'

/** What a cell gave, in order; texts that follow each other are one. */
export const cellOutputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({
    kind: z.literal('table'),
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    rows: z.array(z.array(valueSchema)),
    truncated: z.boolean(),
  }),
])
export type CellOutput = z.infer<typeof cellOutputSchema>

export const notebookCellSchema = z.object({
  kind: z.enum(['md', 'python', 'sql', 'run']),
  text: z.string(),
  /** Of the file. */
  line: z.int(),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  ms: z.int().nullable(),
  output: z.array(cellOutputSchema),
})
export type NotebookCell = z.infer<typeof notebookCellSchema>

export const notebookRunSchema = z.object({
  runId: z.string(),
  pipeline: z.string(),
  notebook: notebookIdSchema,
  /** `preparing` brings Python's packages, or starts Spark. */
  state: z.enum(['preparing', 'running', 'done', 'failed', 'cancelled', 'interrupted']),
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
  /** What is being prepared; null once the cells are at work. */
  progress: z.object({ fraction: z.number().min(0).max(1).nullable(), text: z.string() }).nullable(),
  /** Of Spark; null before it runs. */
  spark: z.string().nullable(),
  cells: z.array(notebookCellSchema),
  problem: problemSchema.nullable(),
  /** Of `batch` that came to its end. */
  answers: answersSchema.nullable(),
})
export type NotebookRun = z.infer<typeof notebookRunSchema>

/** Without the cells, whose outputs may be large. */
export const notebookRunHeadSchema = notebookRunSchema.omit({ cells: true, answers: true })
export type NotebookRunHead = z.infer<typeof notebookRunHeadSchema>

const ofRun = inPipeline.extend({ runId: z.string().regex(/^[a-z0-9-]{1,64}$/) })

export const notebooksContract = {
  /** Newest first. */
  list: procedure.input(inPipeline).output(z.array(notebookRunHeadSchema)),
  get: procedure.input(ofRun).output(notebookRunSchema),
  /** Prepares what is missing, then runs it; one at a time for each pipeline. */
  start: procedure.input(inPipeline.extend({ notebook: notebookIdSchema })).output(notebookRunHeadSchema),
  cancel: procedure.input(ofRun).output(notebookRunHeadSchema),
  /** The notebooks themselves: their files' names and texts, in Databricks' source format or as Jupyter's. */
  files: procedure
    .input(z.object({ format: z.enum(['source', 'ipynb']).default('source') }))
    .output(z.array(z.object({ name: z.string(), text: z.string() }))),
  watch: procedure.input(ofRun).output(eventIterator(notebookRunSchema)),
}
