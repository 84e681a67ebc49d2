/** The local Kinesis as a child program: `kinesis '{"dir":…,"port":…,"enforceLimits":…,"region":…}'`. */
import { z } from 'zod'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import { portSchema } from '../../shared/settings.ts'
import type { ParentMessage } from '../lib/child.ts'
import { watchParent } from '../lib/parent.ts'
import { type KinesisServer, startKinesisServer } from '../local/kinesis/server.ts'

const optionsSchema = z.object({
  dir: z.string().min(1),
  port: portSchema,
  enforceLimits: z.boolean(),
  region: z.string().min(1).default('us-east-1'),
})

const statsEveryMs = 1_000

let server: KinesisServer | null = null
let stopping = false

const parent = watchParent({
  onMessage: (message) => {
    if (message.type === 'stop') void stop()
    else if (message.type === 'look') tellNumbers()
    else if (message.type === 'limit') limit(message)
  },
  // Nobody is left to be answered; what was acknowledged is on disk.
  onGone: () => process.exit(0),
})

function limit({ id, stream, shard, recordsPerSecond, until }: Extract<ParentMessage, { type: 'limit' }>) {
  try {
    server?.limit(stream, shard, recordsPerSecond === null ? null : { recordsPerSecond, until })
    parent.send({ type: 'answer', id, problem: null })
  } catch (thrown) {
    const { code, message, hint } = toErrorDetail(thrown)
    parent.send({ type: 'answer', id, problem: { code, message, hint } })
  }
}

function tellNumbers(): void {
  if (server === null) return
  const numbers: Record<string, number> = {}
  for (const [stream, stats] of server.stats()) {
    for (const [name, value] of Object.entries(stats)) numbers[`${name}.${stream}`] = value
  }
  parent.send({ type: 'stats', numbers })
}

async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  await server?.close()
  process.exit(0)
}

process.on('SIGTERM', () => void stop())
// Ctrl+C reaches the whole group of the terminal: the app decides and tells us.
process.on('SIGINT', () => {})

function fail(thrown: unknown): void {
  const { code, message, hint } = toErrorDetail(thrown)
  parent.send({ type: 'failed', code, message, hint })
  process.exitCode = 1
  // Long enough for the message to leave.
  setTimeout(() => process.exit(1), 100)
}

process.on('uncaughtException', fail)

function readOptions(text: string): z.infer<typeof optionsSchema> {
  try {
    return optionsSchema.parse(JSON.parse(text))
  } catch (thrown) {
    const issue = thrown instanceof z.ZodError ? thrown.issues[0] : undefined
    throw new AppError(
      {
        code: 'KINESIS_OPTIONS',
        message: `The local Kinesis was started with options it cannot use: ${issue?.message ?? 'they are not JSON'}`,
        hint: 'Check the ports in the settings of the pipeline.',
        field: issue?.path.join('.'),
      },
      thrown,
    )
  }
}

try {
  const options = readOptions(process.argv[2] ?? '')
  server = await startKinesisServer({
    ...options,
    log: (line) => process.stderr.write(`${line}\n`),
  })
  parent.send({ type: 'ready', address: { endpoint: server.endpoint } })
  setInterval(tellNumbers, statsEveryMs)
} catch (thrown) {
  fail(thrown)
}
