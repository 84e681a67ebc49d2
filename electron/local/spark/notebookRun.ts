/** Runs one notebook in a Python of its own and tells what it does, as `resources/spark/run.py` says it. */
import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { valueSchema } from '../../../shared/notebooks.ts'
import { childEnvironment } from '../../lib/childEnvironment.ts'

const cell = z.int().min(0)
const fault = {
  error: z.string().nullable(),
  message: z.string().nullable(),
  where: z.object({ notebook: z.string(), line: z.int() }).nullable(),
}
const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session'), version: z.string(), ms: z.number() }),
  z.object({
    type: z.literal('cells'),
    cells: z.array(
      z.object({ kind: z.enum(['md', 'python', 'sql', 'run']), text: z.string(), line: z.int() }),
    ),
  }),
  z.object({ type: z.literal('began'), cell }),
  z.object({ type: z.literal('text'), cell, text: z.string() }),
  z.object({
    type: z.literal('table'),
    cell,
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    rows: z.array(z.array(valueSchema)),
    truncated: z.boolean(),
  }),
  z.object({ type: z.literal('done'), cell, ms: z.int() }),
  z.object({ type: z.literal('failed'), cell, ms: z.int(), ...fault }),
  z.object({ type: z.literal('exit'), value: z.string() }),
  z.object({ type: z.literal('end'), ok: z.boolean(), ...fault }),
])
export type NotebookEvent = z.infer<typeof eventSchema>

/** What runs Spark on this computer. */
export interface SparkPrograms {
  readonly python: string
  /** The program of Java that Spark takes. */
  readonly java: string
  /** For `JDK_JAVA_OPTIONS`. */
  readonly javaOptions: string
}

export interface NotebookProgram extends SparkPrograms {
  /** The folder of `run.py`. */
  readonly scripts: string
  readonly notebook: string
  readonly widgets: Readonly<Record<string, string>>
  /** Keeps its tables. */
  readonly folder: string
  /** Jars, fetched the first time. */
  readonly ivy: string
  /** Delta and the source of streams, which take longer to start. */
  readonly delta: boolean
  /** Of the local Kinesis; empty where it does not run. */
  readonly kinesis: string
}

/** Java says much on its error output; what is told where it dies, lines. */
const keptLines = 20

/**
 * Resolves when it ended, with what its Java said last where it did not end by itself. The signal ends it at once: Java goes with
 * its Python, whose input closes.
 */
export function runNotebook(
  program: NotebookProgram,
  onEvent: (event: NotebookEvent) => void,
  signal: AbortSignal,
): Promise<{ readonly ended: boolean; readonly said: readonly string[] }> {
  const { python, java, javaOptions, scripts, notebook, widgets, folder, ivy, delta, kinesis } = program
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const home = dirname(dirname(java))
    const child = spawn(python, [join(scripts, 'run.py')], {
      env: {
        ...childEnvironment(),
        JAVA_HOME: home,
        JDK_JAVA_OPTIONS: `${javaOptions} ${process.env.JDK_JAVA_OPTIONS ?? ''}`,
        PATH: `${dirname(java)}${delimiter}${process.env.PATH ?? ''}`,
        PIPELINE_KINESIS_ENDPOINT: kinesis,
        PYTHONDONTWRITEBYTECODE: '1',
      },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    })
    // Its Java inherits it: the pipeline and the page come first.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
    const said: string[] = []
    let ended = false
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = parsed(line)
      if (event === null) return
      if (event.type === 'end') ended = true
      onEvent(event)
    })
    createInterface({ input: child.stderr }).on('line', (line) => {
      // Java's word about our own options is no reason for anything.
      if (line.startsWith('NOTE: Picked up ')) return
      said.push(line)
      if (said.length > keptLines) said.shift()
    })
    const cancel = () => child.stdin.destroy()
    signal.addEventListener('abort', cancel, { once: true })
    child.stdin.on('error', () => {})
    child.once('error', reject)
    child.once('close', () => {
      signal.removeEventListener('abort', cancel)
      resolve({ ended, said })
    })
    child.stdin.write(`${JSON.stringify({ notebook, widgets, folder, ivy, delta })}\n`)
  })
}

/** Null for a line that is not one of ours: a library that writes past the notebook. */
function parsed(line: string): NotebookEvent | null {
  try {
    return eventSchema.parse(JSON.parse(line))
  } catch {
    return null
  }
}
