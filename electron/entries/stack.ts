/** Gateway and lake as one child program (decision 2): `stack '{"gateway":…,"kafka":…,"kinesis":…,"lake":…}'`. */
import { z } from 'zod'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import { portSchema } from '../../shared/settings.ts'
import { connectKafka } from '../clients/kafka/client.ts'
import { connectKinesis } from '../clients/kinesis/client.ts'
import { type Gateway, startGateway } from '../gateway/gateway.ts'
import { lazyKafka } from '../gateway/lazyKafka.ts'
import { gatewayNumbers } from '../gateway/stats.ts'
import type { ParentMessage } from '../lib/child.ts'
import { watchParent } from '../lib/parent.ts'
import { type Lake, lakeNumbers, startLake } from '../local/lake/lake.ts'

const optionsSchema = z.object({
  gateway: z.object({
    port: portSchema,
    stage: z.string(),
    corsOrigins: z.array(z.string()),
    maxBodyBytes: z.int().positive(),
  }),
  kafka: z.object({ bootstrap: z.array(z.string().min(1)).min(1) }),
  kinesis: z.object({ endpoint: z.string(), region: z.string().min(1) }),
  lake: z
    .object({
      dir: z.string().min(1),
      topics: z.array(z.string().min(1)),
      flushSize: z.int().positive(),
      rotateMs: z.int().positive(),
      group: z.string().min(1),
    })
    .nullable(),
})

const statsEveryMs = 1_000

/** The code of the problem told, by part. */
const told = new Map<string, string>()

/** What to end, in this order: the gateway drains before the lake puts what it has read into place. */
const ending: (() => Promise<void>)[] = []
let stopping = false
let gateway: Gateway | null = null
let lake: Lake | null = null

const parent = watchParent({
  onMessage: (message) => {
    if (message.type === 'stop') void stop()
    else if (message.type === 'look') tellNumbers()
    else if (message.type === 'lake') void choose(message)
    else if (message.type === 'slow') {
      gateway?.slow(message)
      parent.send({ type: 'answer', id: message.id, problem: null })
    }
  },
  // Nobody is left to be answered; what was acknowledged is in Kafka and Kinesis, and the lake goes on where it was.
  onGone: () => process.exit(0),
})

/** Whoever chose waits for the answer: a refusal that only the log knew would look like a button that does nothing. */
async function choose({ id, topic, partition, choice }: Extract<ParentMessage, { type: 'lake' }>) {
  try {
    await lake?.choose(topic, partition, choice)
    parent.send({ type: 'answer', id, problem: null })
  } catch (thrown) {
    complain(thrown)
    const { code, message, hint } = toErrorDetail(thrown)
    parent.send({ type: 'answer', id, problem: { code, message, hint } })
  }
}

function tellNumbers(): void {
  if (gateway === null) return
  parent.send({
    type: 'stats',
    numbers: { ...gatewayNumbers(gateway.stats()), ...(lake === null ? {} : lakeNumbers(lake.stats())) },
  })
}

async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  for (const end of ending) await end().catch(complain)
  process.exit(0)
}

process.on('SIGTERM', () => void stop())
// Ctrl+C reaches the whole group of the terminal: the app decides and tells us.
process.on('SIGINT', () => {})

function log(line: string): void {
  process.stderr.write(`${line}\n`)
}

function complain(thrown: unknown): void {
  if (thrown instanceof AppError) log(`stack: ${thrown.message}`)
  else log(`stack: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`)
}

function fail(thrown: unknown): void {
  complain(thrown)
  const { code, message, hint } = toErrorDetail(thrown)
  parent.send({ type: 'failed', code, message, hint })
  process.exitCode = 1
  // Long enough for the message to leave.
  setTimeout(() => process.exit(1), 100)
}

process.on('uncaughtException', fail)

async function start(): Promise<Gateway> {
  const options = optionsSchema.parse(JSON.parse(process.argv[2] ?? ''))
  const { bootstrap } = options.kafka
  const kafka = lazyKafka(() => connectKafka({ bootstrap, clientId: 'pipeline-gateway' }))
  const kinesis = connectKinesis(options.kinesis)
  const gateway = await startGateway({ host: '127.0.0.1', ...options.gateway, kafka, kinesis, log })
  ending.push(() => gateway.close())
  if (options.lake !== null) {
    const opened = await startLake({
      ...options.lake,
      kafka: { bootstrap, clientId: 'pipeline-lake' },
      log,
      onProblem: (topic, partition, problem) => {
        const part = `lake/${topic}/${partition}`
        const known = told.get(part)
        // A problem is taken back by its code.
        if (known !== undefined && known !== problem?.code)
          parent.send({ type: 'problem', part, code: known, message: null, hint: '' })
        if (problem === null) told.delete(part)
        else {
          told.set(part, problem.code)
          parent.send({
            type: 'problem',
            part,
            code: problem.code,
            message: problem.message,
            hint: problem.hint,
          })
        }
      },
    })
    lake = opened
    ending.push(() => opened.close())
  }
  ending.push(
    () => kinesis.close(),
    () => kafka.close(),
  )
  return gateway
}

try {
  gateway = await start()
  parent.send({ type: 'ready', address: { gateway: gateway.url } })
  setInterval(tellNumbers, statsEveryMs)
} catch (thrown) {
  fail(thrown)
}
