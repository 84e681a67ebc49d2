/** Kafka over TLS and with a sign-in, against a real broker: every way in, every way it is refused, and sessions that end (KIP-368). */
import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mskToken } from '../../electron/clients/aws/mskToken.ts'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import type { KafkaSecurity } from '../../electron/clients/kafka/security.ts'
import { openTcp } from '../../electron/clients/kafka/sockets.ts'
import type { KafkaWorkbench } from '../../electron/clients/kafka/workbench.ts'
import { secret } from '../../electron/lib/secret.ts'
import type { Doctor, DoctorLink } from '../../shared/contract/doctor.ts'
import type { DoctorLinkId } from '../../shared/doctor.ts'
import type { KafkaAccessKind, PipelineSettings } from '../../shared/settings.ts'
import { brokerMissing } from '../helpers/broker.ts'
import { allFiles, runProgram, type TestHome, testHome } from '../helpers/home.ts'
import { region, type SecureBroker, type SignerKey, startSecureBroker } from '../helpers/secureBroker.ts'
import { type StsServer, startSts } from '../helpers/stsServer.ts'
import { until } from '../helpers/until.ts'
import { startWebClient, type WebClient } from '../helpers/webClient.ts'

const missing = await brokerMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const user = 'ann'
const password = 'canary-sasl-9c1f-password'
const key: SignerKey = {
  id: 'AKIACANARYSASL000001',
  secret: 'canary-sasl-9c1f-secret-access-key',
  token: '',
  principal: 'arn:aws:iam::123456789012:user/ann',
}
const roleArn = 'arn:aws:iam::123456789012:role/kafka'
const roleKey: SignerKey = {
  id: 'ASIACANARYSASL000002',
  secret: 'canary-sasl-9c1f-role-secret-key',
  token: 'canary-sasl-9c1f-session-token+/==',
  principal: 'arn:aws:sts::123456789012:assumed-role/kafka/s',
}
/** Long enough for a busy computer to renew it in time, and no longer: tests wait for several to pass. */
const sessionMs = 5_000
const passwordKinds = ['saslPlain', 'scram256', 'scram512'] as const
const pipeline = 'secured'

describe.skipIf(missing !== null)(`Kafka with TLS and SASL${missing === null ? '' : ` (${missing})`}`, () => {
  let home: TestHome
  let made: TestHome
  let secure: SecureBroker
  let sts: StsServer
  let web: WebClient

  beforeAll(async () => {
    home = await testHome()
    made = await testHome()
    secure = await startSecureBroker({
      home: made.home,
      user,
      password,
      keys: [key, roleKey],
      sessionMs,
    })
    sts = await startSts(key, roleArn, roleKey)
    web = await startWebClient(home)
    await web.client.pipelines.create({ name: pipeline, kind: 'existing' })
  }, 180_000)
  afterAll(async () => {
    await web?.stop()
    sts?.close()
    await secure?.stop()
    await made?.remove()
    await home?.remove()
  })

  const settings = async () => {
    const { items } = await web.client.pipelines.list()
    return items.find(({ id }) => id === pipeline)?.settings as PipelineSettings
  }
  const set = async (endpoints: Partial<PipelineSettings['endpoints']>) => {
    const now = await settings()
    const base = { kafkaUser: user, kafkaCaFile: secure.ca, kafkaRole: '' }
    const next = { ...now, endpoints: { ...now.endpoints, ...base, ...endpoints } }
    await web.client.pipelines.update({ pipeline, settings: next })
  }
  const addressOf = (kind: KafkaAccessKind) =>
    kind === 'plaintext'
      ? secure.broker.bootstrap
      : secure.bootstrap[kind === 'tls' ? 'tls' : kind === 'mskIam' ? 'iam' : 'sasl']
  const go = async (kind: KafkaAccessKind, more: Partial<PipelineSettings['endpoints']> = {}) => {
    await set({ bootstrap: addressOf(kind), kafkaAccess: kind, ...more })
    await web.client.pipelines.setKafkaPassword({ pipeline, password })
  }
  const examine = async () => {
    let found: Doctor | undefined
    for await (const now of await web.client.doctor.run({ pipeline })) found = now
    return (id: DoctorLinkId) => found?.links.find((link) => link.id === id) as DoctorLink
  }
  const signedIn = async () => (await secure.decisions()).filter((line) => line.startsWith('good')).length
  const produce = async (topic: string, data: string) => {
    const messages = [{ key: null, value: { encoding: 'utf8' as const, data }, headers: [] }]
    const { results } = await web.client.transfer.produce({ pipeline, topic, messages, anyValue: true })
    expect(results[0]?.problem ?? null).toBeNull()
  }

  it('in clear, over TLS, by PLAIN and by both SCRAMs: topics, producing, reading', async () => {
    await go('scram512')
    for (const kind of ['pin', 'geo', 'user'])
      await web.client.topics.create({ pipeline, topic: `learner.${kind}`, partitions: 2 })
    for (const kind of ['plaintext', 'tls', ...passwordKinds] as const) {
      await go(kind)
      expect((await web.client.topics.list({ pipeline })).map(({ name }) => name)).toContain('learner.pin')
      await produce('learner.geo', `by ${kind}`)
      const { messages } = await web.client.topics.browse({
        pipeline,
        topic: 'learner.geo',
        from: { at: 'newest' },
      } as never)
      expect(messages.map(({ value }) => value?.data)).toContain(`by ${kind}`)
    }
  })

  it('by IAM, as the pipeline’s identity and as a role of a fixed session name', async () => {
    await set({ bootstrap: secure.bootstrap.iam, kafkaAccess: 'mskIam', region })
    await expect(web.client.topics.list({ pipeline })).rejects.toMatchObject({
      data: { code: 'AWS_NOT_CONNECTED' },
    })
    const choice = { source: 'keys', endpoint: sts.url, region } as never
    await web.client.aws.use({ pipeline, choice })
    const keys = { accessKeyId: key.id, secretAccessKey: key.secret }
    expect((await web.client.aws.setKeys({ pipeline, keys })).identity?.arn).toBe(key.principal)
    expect((await web.client.topics.list({ pipeline })).map(({ name }) => name)).toContain('learner.pin')
    expect((await secure.decisions()).at(-1)).toBe(`good ${key.principal}`)
    await set({ kafkaRole: roleArn })
    await produce('learner.geo', 'by a role')
    expect((await secure.decisions()).at(-1)).toBe(`good ${roleKey.principal}`)
    expect(sts.sessions).toEqual([expect.stringMatching(/^pipeline-control-/)])
    const link = (await examine())('sasl')
    expect(link).toMatchObject({
      state: 'good',
      text: expect.stringContaining('OAUTHBEARER; renewed within 5 s'),
    })
  })

  it('each thing that is wrong has its name, for the pages and for the doctor', async () => {
    const { tls, other, expired, mutual, sasl, iam } = secure.bootstrap
    type Case = readonly [
      endpoints: Partial<PipelineSettings['endpoints']>,
      code: string,
      link: 'tls' | 'sasl',
      faults: readonly string[],
    ]
    const cases: readonly Case[] = [
      [{ kafkaAccess: 'tls', bootstrap: tls, kafkaCaFile: '' }, 'KAFKA_TLS_UNTRUSTED', 'tls', []],
      [{ kafkaAccess: 'tls', bootstrap: other }, 'KAFKA_TLS_NAME', 'tls', []],
      [{ kafkaAccess: 'tls', bootstrap: expired }, 'KAFKA_TLS_EXPIRED', 'tls', []],
      [{ kafkaAccess: 'tls', bootstrap: mutual }, 'KAFKA_TLS_FAILED', 'tls', []],
      [{ kafkaAccess: 'plaintext', bootstrap: iam }, 'KAFKA_TLS_WANTED', 'tls', ['F-08', 'F-21']],
      [{ kafkaAccess: 'tls', bootstrap: secure.broker.bootstrap }, 'KAFKA_TLS_NOT_SPOKEN', 'tls', []],
      [{ kafkaAccess: 'tls', bootstrap: sasl }, 'KAFKA_SIGN_IN_WANTED', 'sasl', []],
      [{ kafkaAccess: 'scram256', bootstrap: tls }, 'KAFKA_SIGN_IN_NOT_SPOKEN', 'sasl', []],
      [{ kafkaAccess: 'scram256', bootstrap: iam }, 'KAFKA_MECHANISM', 'sasl', []],
      [
        { kafkaAccess: 'mskIam', bootstrap: iam, region: 'us-east-1' },
        'KAFKA_CONNECT_DENIED',
        'sasl',
        ['F-10'],
      ],
      [
        { kafkaAccess: 'mskIam', bootstrap: iam, kafkaRole: `${roleArn}2` },
        'AWS_ROLE_REFUSED',
        'sasl',
        ['F-11'],
      ],
      [{ kafkaAccess: 'scram256', bootstrap: sasl, kafkaUser: '' }, 'KAFKA_USER_MISSING', 'tls', []],
      [{ kafkaAccess: 'tls', bootstrap: tls, kafkaCaFile: '/nowhere.pem' }, 'KAFKA_CA_UNREADABLE', 'tls', []],
    ]
    for (const [endpoints, code, link, faults] of cases) {
      await set({ region, ...endpoints })
      await web.client.pipelines.setKafkaPassword({ pipeline, password })
      const thrown = await web.client.topics.list({ pipeline }).catch((error) => error)
      expect(thrown.data, code).toMatchObject({ code })
      const of = await examine()
      expect(of(link), code).toMatchObject({ state: 'bad', problem: { code }, faults })
      expect(of('metadata').state, code).toBe('skipped')
    }
  })

  it('a wrong password is refused by each mechanism, is not retried for ever, and a right one mends it at once', async () => {
    for (const kind of passwordKinds) {
      await go(kind)
      await web.client.pipelines.setKafkaPassword({ pipeline, password: `${password}-wrong` })
      // What is open stays as it was signed in; another address makes another client.
      await set({ bootstrap: `${addressOf(kind)},127.0.0.1:9`, kafkaAccess: kind })
      await expect(web.client.topics.list({ pipeline })).rejects.toMatchObject({
        data: { code: 'KAFKA_PASSWORD_MISSING' },
      })
      await web.client.pipelines.setKafkaPassword({ pipeline, password: `${password}-wrong` })
      await expect(web.client.topics.list({ pipeline })).rejects.toMatchObject({
        data: { code: 'KAFKA_AUTHENTICATION' },
      })
      expect((await examine())('sasl')).toMatchObject({
        state: 'bad',
        problem: { code: 'KAFKA_AUTHENTICATION' },
        action: { kind: 'open', page: '/settings' },
      })
      const options = { sinks: ['kafka' as const], posts: 3, rate: { kind: 'max' as const } }
      const { runId } = await web.client.emulation.start({ pipeline, options } as never)
      await expect
        .poll(async () => (await web.client.emulation.get({ pipeline, runId })).errors)
        .toContainEqual(expect.objectContaining({ code: 'KAFKA_AUTHENTICATION' }))
      await web.client.pipelines.setKafkaPassword({ pipeline, password })
      expect((await web.client.topics.list({ pipeline })).length).toBeGreaterThan(2)
    }
  })

  it('a tail goes on past the end of its session, and past several', async () => {
    await go('mskIam', { region })
    const topic = 'learner.geo'
    const control = new AbortController()
    const seen: string[] = []
    const tail = (async () => {
      const batches = await web.client.topics.tail(
        { pipeline, topic, from: 'oldest' },
        { signal: control.signal },
      )
      for await (const { messages } of batches) for (const { value } of messages) seen.push(value?.data ?? '')
    })().catch((thrown) => (control.signal.aborted ? null : Promise.reject(thrown)))
    const sent: string[] = []
    const began = performance.now()
    while (performance.now() - began < 2.5 * sessionMs) {
      sent.push(`tailed ${sent.length}`)
      await produce(topic, sent.at(-1) ?? '')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await until(async () => seen.includes(sent.at(-1) ?? ''))
    control.abort()
    await tail
    expect(seen.filter((text) => text.startsWith('tailed'))).toEqual(sent)
  })

  it('a password that is taken away ends a tail at its next renewal, with the reason', async () => {
    await go('scram256')
    const topic = 'learner.pin'
    await produce(topic, 'before')
    const begun = Promise.withResolvers<void>()
    const tail = (async () => {
      for await (const { seen } of await web.client.topics.tail({ pipeline, topic, from: 'oldest' }))
        if (seen > 0) begun.resolve()
    })().catch((thrown) => thrown)
    await begun.promise
    await web.client.pipelines.setKafkaPassword({ pipeline, password: null })
    expect((await tail)?.data).toMatchObject({ code: 'KAFKA_PASSWORD_MISSING' })
  })

  it('a search, an emulation and its report go on past it in threads of their own, and hold no key that signs', async () => {
    for (const kind of ['scram512', 'mskIam'] as const) {
      await go(kind, { region })
      const options = {
        sinks: ['kafka' as const],
        rate: { kind: 'constant' as const, postsPerSecond: 60 },
        inFlight: 16,
      }
      const { runId } = await web.client.emulation.start({ pipeline, options } as never)
      const before = await signedIn()
      const began = performance.now()
      // By IAM the broker says how often; by SCRAM the clock must.
      const renewed = async () =>
        kind === 'mskIam' ? (await signedIn()) > before + 6 : performance.now() - began > 2.5 * sessionMs
      await until(renewed, 60_000)
      expect(await commandLines()).not.toContain('canary-sasl-9c1f')
      await web.client.emulation.stop({ pipeline, runId })
      await expect
        .poll(async () => (await web.client.emulation.get({ pipeline, runId })).state)
        .toBe('stopped')
      await web.client.emulation.verify({ pipeline, runId })
      await expect
        .poll(async () => (await web.client.emulation.get({ pipeline, runId })).report?.unaccounted)
        .toBe(0)
      const run = await web.client.emulation.get({ pipeline, runId })
      expect(run.errors).toEqual([])
      expect(run.counters.failed).toBe(0)
      expect(run.report?.found.kafka).toBe(run.counters.acknowledged)
      expect(run.counters.acknowledged).toBeGreaterThan(300)
      const found: string[] = []
      const filter = { kind: 'text' as const, text: 'tailed 0' }
      const search = await web.client.search.run({
        pipeline,
        topic: 'learner.geo',
        filter,
        order: 'oldest',
      } as never)
      for await (const { messages } of search) found.push(...messages.map(({ value }) => value?.data ?? ''))
      expect(found).toContain('tailed 0')
    }
  })

  /** A client of its own that counts how often it connected and how often it signed in. */
  const counted = async (kind: 'scram256' | 'mskIam') => {
    let sockets = 0
    let proofs = 0
    const open = {
      accessKeyId: secret(key.id),
      secretAccessKey: secret(key.secret),
      sessionToken: null,
      expiresAt: null,
    }
    const security: KafkaSecurity = {
      kind,
      ca: await readFile(secure.ca, 'utf8'),
      user,
      proof: async () => {
        proofs += 1
        return kind === 'mskIam' ? mskToken(open, region) : secret(password)
      },
    }
    const kafka = await connectKafka(
      { bootstrap: [addressOf(kind)], clientId: 'counted', security },
      (target) => {
        sockets += 1
        return openTcp(target)
      },
    )
    return { kafka, sockets: () => sockets, proofs: () => proofs }
  }

  /** 16 senders at once, as long as `more` says; answers how many records were acknowledged. */
  const sendAll = async (kafka: KafkaWorkbench, topic: string, more: () => boolean, idempotent: boolean) => {
    const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent })
    let acknowledged = 0
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        while (more()) {
          await producer.send(topic, [{ value: Buffer.from('x') }])
          acknowledged += 1
        }
      }),
    )
    await producer.close()
    return acknowledged
  }

  it.each(['scram256', 'mskIam'] as const)(
    '%s: sessions are renewed on the connections that there are, under load, and nothing fails',
    async (kind) => {
      const { kafka, sockets, proofs } = await counted(kind)
      const topic = `renewed.${kind}`
      await kafka.createTopic({ topic, partitions: 1 })
      const control = new AbortController()
      let read = 0
      const reading = (async () => {
        const from = [{ partition: 0, offset: 0n }]
        for await (const { count } of kafka.read({ topic, from, signal: control.signal })) read += count
      })()
      const acknowledged = await sendAll(kafka, topic, () => proofs() < sockets() + 6, false)
      const [{ high } = { high: 0n }] = await kafka.offsets(topic)
      expect(Number(high)).toBe(acknowledged)
      await until(async () => read === acknowledged)
      // One each to ask, to produce and to read.
      expect(sockets()).toBe(3)
      control.abort()
      await reading
      await kafka.close()
    },
  )

  it('a session that may not be renewed as somebody else is begun anew (F-16)', async () => {
    const start = await signedIn()
    const { kafka, sockets } = await counted('mskIam')
    await kafka.createTopic({ topic: 'principal', partitions: 1 })
    const keys = join(made.home, 'keys')
    const text = await readFile(keys, 'utf8')
    let before = Number.POSITIVE_INFINITY
    const sending = sendAll(kafka, 'principal', () => sockets() < before + 1, true)
    // Both connections: the one that asks, and the one that sends.
    await until(async () => (await signedIn()) >= start + 2)
    await replace(keys, text.replace(key.principal, `${key.principal}-again`))
    before = sockets()
    const acknowledged = await sending
    const [{ high } = { high: 0n }] = await kafka.offsets('principal')
    expect(Number(high)).toBe(acknowledged)
    await replace(keys, text)
    await kafka.close()
  })

  it('in the terminal: settings, the password by the environment or remembered, and what is missing', async () => {
    const own = await testHome()
    try {
      const cli = (env: NodeJS.ProcessEnv, ...args: string[]) =>
        runProgram('cli.js', args, { ...own.env, ...env })
      const id = 'this-computer'
      const at = [
        'kind=existing',
        `endpoints.bootstrap=${secure.bootstrap.sasl}`,
        'endpoints.kafkaAccess=scram512',
        `endpoints.kafkaUser=${user}`,
        `endpoints.kafkaCaFile=${secure.ca}`,
      ]
      expect(await cli({}, 'pipelines', 'set', id, ...at)).toMatchObject({ code: 0 })
      expect(await cli({}, 'topics', 'list')).toMatchObject({
        code: 1,
        err: expect.stringContaining('KAFKA_PASSWORD_MISSING'),
      })
      const given = { PIPELINE_KAFKA_PASSWORD: password }
      expect(await cli(given, 'topics', 'list')).toMatchObject({
        code: 0,
        out: expect.stringContaining('learner.pin'),
      })
      expect(await cli(given, 'doctor')).toMatchObject({
        out: expect.stringContaining('SCRAM-SHA-512 as ann'),
      })
      const vault = { PIPELINE_PASSPHRASE: 'canary-sasl-9c1f passphrase' }
      expect(await cli(vault, 'secrets', 'create')).toMatchObject({ code: 0 })
      expect(
        await cli({ ...given, ...vault }, 'pipelines', 'kafka-password', id, '--remember'),
      ).toMatchObject({ code: 0 })
      expect(await cli(vault, 'topics', 'list')).toMatchObject({
        code: 0,
        out: expect.stringContaining('learner.pin'),
      })
      expect(await cli({}, 'topics', 'list')).toMatchObject({
        code: 1,
        err: expect.stringContaining('SECRET_LOCKED'),
      })
      expect(await cli(vault, 'pipelines', 'kafka-password', id, '--forget')).toMatchObject({ code: 0 })
      expect(await cli(vault, 'topics', 'list')).toMatchObject({
        code: 1,
        err: expect.stringContaining('KAFKA_PASSWORD_MISSING'),
      })
      const exported = await cli({}, 'pipelines', 'export', id)
      expect(exported.out).toContain('"kafkaUser": "ann"')
      const guilty = (await allFiles(own.home)).filter(({ text }) => text.includes('canary-sasl-9c1f'))
      expect(guilty.map(({ path }) => path)).toEqual([])
    } finally {
      await own.remove()
    }
  })

  it('neither password nor key nor token is in a frame, a log, an error or a file', async () => {
    await web.client.app.activity.list({ limit: 500 })
    await web.client.pipelines.export({ pipeline })
    for (const { name, text } of await web.client.app.support())
      expect(text, name).not.toContain('canary-sasl-9c1f')
    expect(web.frames.length).toBeGreaterThan(100)
    // A token is a URL in base64: its beginning is always the same.
    const token = Buffer.from(`https://kafka.${region}`).toString('base64url').slice(0, 20)
    for (const planted of ['canary-sasl-9c1f', token, 'X-Amz-Signature']) {
      expect(web.frames.filter((frame) => frame.includes(planted))).toEqual([])
      const guilty = (await allFiles(home.home)).filter(({ text }) => text.includes(planted))
      expect(guilty.map(({ path }) => path)).toEqual([])
    }
    expect(await commandLines()).not.toContain('canary-sasl-9c1f')
  })
})

/** In one step: the broker reads it at any time. */
async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.next`, text)
  await rename(`${file}.next`, file)
}

/** Of all processes but the broker that the test gave the password to, and its tools. */
async function commandLines(): Promise<string> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')),
  )
  return lines.filter((line) => !line.includes('kafka.tools.StorageTool')).join('\n')
}
