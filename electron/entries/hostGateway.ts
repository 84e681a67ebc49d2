/**
 * Our gateway as a service of its own on a machine: `node gateway.mjs /etc/pipeline-control/gateway.json`. Built as one file,
 * since it is sent there alone.
 */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { toErrorDetail } from '../../shared/errors.ts'
import { portSchema } from '../../shared/settings.ts'
import { machineKeys } from '../clients/aws/machineKeys.ts'
import { mskToken } from '../clients/aws/mskToken.ts'
import { roleKeys } from '../clients/aws/roleKeys.ts'
import { connectKafka } from '../clients/kafka/client.ts'
import type { KafkaSecurity } from '../clients/kafka/security.ts'
import { connectKinesis } from '../clients/kinesis/client.ts'
import { startGateway } from '../gateway/gateway.ts'
import { lazyKafka } from '../gateway/lazyKafka.ts'

/** How it signs in to MSK, as the machine's own identity or a role that this one takes on. */
const mskSchema = z.object({
  region: z.string().min(1),
  role: z.string(),
  session: z.string().min(2),
  caFile: z.string(),
})

const optionsSchema = z.object({
  port: portSchema,
  stage: z.string(),
  bootstrap: z.array(z.string().min(1)).min(1),
  region: z.string().min(1),
  maxBodyBytes: z.int().positive(),
  /** Null speaks in clear to a broker on this machine. */
  kafka: mskSchema.nullable(),
})

async function mskSecurity({
  region,
  role,
  session,
  caFile,
}: z.infer<typeof mskSchema>): Promise<KafkaSecurity> {
  const own = { region, endpoint: '', network: {}, keys: machineKeys() }
  const keys = roleKeys(async () => own, role, session)
  return {
    kind: 'mskIam',
    ca: caFile === '' ? '' : await readFile(caFile, 'utf8'),
    user: '',
    proof: async () => mskToken(await keys(), region),
  }
}

/** Goes to the journal. */
const log = (line: string) => void process.stderr.write(`${line}\n`)

async function start(): Promise<void> {
  const {
    bootstrap,
    region,
    kafka: msk,
    ...own
  } = optionsSchema.parse(JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')))
  const security = msk === null ? null : await mskSecurity(msk)
  const kafka = lazyKafka(() => connectKafka({ bootstrap, clientId: 'pipeline-gateway', security }))
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
