/** A local Kinesis for tests, kinesis-local to compare it with, and requests as they are on the wire. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  type KinesisServer,
  type KinesisServerOptions,
  startKinesisServer,
} from '../../electron/local/kinesis/server.ts'

export interface TestKinesis {
  readonly server: KinesisServer
  readonly dir: string
  readonly lines: readonly string[]
  ask(call: string, body: unknown): Promise<Answer>
  /** Ends the server and starts another one over the same data. */
  restart(options?: Partial<KinesisServerOptions>): Promise<TestKinesis>
  /** Ends it and deletes its data. */
  stop(): Promise<void>
}

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: what a server answers is looked into freely by tests
  readonly body: any
  readonly headers: Headers
}

/** In this process, on a free port. */
export async function testKinesis(options: Partial<KinesisServerOptions> = {}): Promise<TestKinesis> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'kinesis-')))
  const lines: string[] = []
  const server = await startKinesisServer({
    port: 0,
    enforceLimits: false,
    log: (line) => lines.push(line),
    ...options,
    dir,
  })
  return {
    server,
    dir,
    lines,
    ask: (call, body) => ask(server.endpoint, call, body),
    async restart(more = {}) {
      await server.close()
      return testKinesis({ ...options, ...more, dir })
    },
    async stop() {
      await server.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Not a real signature: neither server checks it. */
const authorization =
  'AWS4-HMAC-SHA256 Credential=000000000000/20261123/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00'

/** One request; `body` as it is where it is text, else as JSON. */
export async function ask(
  endpoint: string,
  call: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Kinesis_20131202.${call}`,
      'x-amz-date': '20261123T000000Z',
      authorization,
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await answer.text()
  let parsed: unknown = text
  try {
    parsed = JSON.parse(text)
  } catch {}
  return { status: answer.status, body: parsed, headers: answer.headers }
}

/** kinesis-local, the emulator ours is compared with; streams change their state within moments. */
export async function startKinesisLocal(): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const [plain, tls] = [await freePort(), await freePort()]
  const main = createRequire(import.meta.url).resolve('kinesis-local/main.js')
  const quick = Object.fromEntries(
    [
      'CREATE_STREAM',
      'DELETE_STREAM',
      'SPLIT_SHARD',
      'MERGE_SHARDS',
      'UPDATE_SHARD_COUNT',
      'UPDATE_STREAM_MODE',
      'REGISTER_STREAM_CONSUMER',
      'DEREGISTER_STREAM_CONSUMER',
    ].map((name) => [`${name}_DURATION`, '10ms']),
  )
  const child = spawn(process.execPath, [main], {
    cwd: dirname(main),
    stdio: 'ignore',
    env: {
      ...process.env,
      ...quick,
      KINESIS_MOCK_PLAIN_PORT: String(plain),
      KINESIS_MOCK_TLS_PORT: String(tls),
      SHARD_LIMIT: '500',
      ON_DEMAND_STREAM_COUNT_LIMIT: '50',
    },
  })
  const endpoint = `http://127.0.0.1:${plain}`
  await eventually(async () => (await ask(endpoint, 'ListStreams', {})).status === 200)
  return {
    endpoint,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Asks again until it holds; a failure meanwhile counts as "not yet". Throws after `withinMs`. */
export async function eventually(holds: () => Promise<boolean> | boolean, withinMs = 30_000): Promise<void> {
  const until = Date.now() + withinMs
  for (;;) {
    const held = await Promise.resolve()
      .then(holds)
      .catch(() => false)
    if (held) return
    if (Date.now() > until) throw new Error(`Did not happen within ${withinMs} ms: ${holds}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

export const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64')
