/**
 * Our gateway as a service of its own on a machine: `node gateway.mjs /etc/pipeline-control/gateway.json`. Built as one file,
 * since it is sent there alone.
 */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { toErrorDetail } from '../../shared/errors.ts'
import { portSchema } from '../../shared/settings.ts'
import { connectKafka } from '../clients/kafka/client.ts'
import { connectKinesis } from '../clients/kinesis/client.ts'
import { startGateway } from '../gateway/gateway.ts'
import { lazyKafka } from '../gateway/lazyKafka.ts'

const optionsSchema = z.object({
  port: portSchema,
  stage: z.string(),
  bootstrap: z.array(z.string().min(1)).min(1),
  region: z.string().min(1),
  maxBodyBytes: z.int().positive(),
})

/** Goes to the journal. */
const log = (line: string) => void process.stderr.write(`${line}\n`)

async function start(): Promise<void> {
  const { bootstrap, region, ...own } = optionsSchema.parse(
    JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')),
  )
  const kafka = lazyKafka(() => connectKafka({ bootstrap, clientId: 'pipeline-gateway' }))
  // Signs as the machine's own role.
  const kinesis = connectKinesis({ endpoint: '', region })
  const gateway = await startGateway({ host: '127.0.0.1', ...own, corsOrigins: [], kafka, kinesis, log })
  log(`The gateway listens at ${gateway.url}`)
  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    await gateway.close()
    await Promise.allSettled([kinesis.close(), kafka.close()])
    process.exit(0)
  }
  process.on('SIGTERM', () => void end())
  process.on('SIGINT', () => void end())
}

await start().catch((thrown: unknown) => {
  const { code, message, hint } = toErrorDetail(thrown)
  log(`${code}: ${message} ${hint}`)
  process.exit(1)
})
