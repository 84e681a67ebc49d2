/** A real broker with every listener that TLS and SASL can get wrong, and one that takes tokens as MSK does. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { freePort, kafkaLibs, type Listener, startBroker, type TestBroker } from './broker.ts'

const exec = promisify(execFile)

export const region = 'eu-west-2'

/**
 * Each has a port of its own. `expired` and `other` speak TLS with a certificate that is over, or of another name; `mutual`
 * wants one of the client, too.
 */
export const doors = ['tls', 'expired', 'other', 'mutual', 'sasl', 'iam'] as const
export type Door = (typeof doors)[number]

export interface SecureBroker {
  readonly broker: TestBroker
  /** PEM file of the authority that signed all certificates. */
  readonly ca: string
  readonly bootstrap: Readonly<Record<Door, string>>
  /** What the verifier decided so far: `good <principal>`, `bad <why>`. */
  decisions(): Promise<string[]>
  stop(): Promise<void>
}

/** A key of AWS that the verifier knows, and who signs in by it. */
export interface SignerKey {
  readonly id: string
  readonly secret: string
  readonly token: string
  readonly principal: string
}

export interface SecureOptions {
  /** A folder of one's own. */
  readonly home: string
  readonly user: string
  /** Of PLAIN and of both SCRAM mechanisms. */
  readonly password: string
  readonly keys: readonly SignerKey[]
  /** `connections.max.reauth.ms` */
  readonly sessionMs: number
}

export async function startSecureBroker(options: SecureOptions): Promise<SecureBroker> {
  const { home, user, password, keys, sessionMs } = options
  const file = (name: string) => join(home, name)
  const authority = await makeAuthority(home)
  await authority.sign('good', ['DNS:localhost', 'IP:127.0.0.1'])
  await authority.sign('other', ['DNS:elsewhere.invalid'])
  await authority.sign('expired', ['IP:127.0.0.1'], { expired: true })
  const classes = await compileVerifier(home)
  const keyFile = file('keys')
  await writeKeys(keyFile, keys)
  const ports = new Map<Door, number>()
  for (const door of doors) ports.set(door, await freePort())
  const listeners = doors.map(
    (door): Listener => ({
      name: door.toUpperCase(),
      address: '127.0.0.1',
      port: ports.get(door) ?? 0,
      advertised: '127.0.0.1',
      protocol: door === 'sasl' || door === 'iam' ? 'SASL_SSL' : 'SSL',
    }),
  )
  const certificateOf = (door: Door) => (door === 'expired' || door === 'other' ? door : 'good')
  const stores = doors.flatMap((door) => [
    [`listener.name.${door}.ssl.keystore.type`, 'PEM'],
    [`listener.name.${door}.ssl.keystore.location`, file(`${certificateOf(door)}.pem`)],
  ])
  const login = 'org.apache.kafka.common.security'
  const scram = `${login}.scram.ScramLoginModule required;`
  const broker = await startBroker({
    home: file('broker'),
    listeners,
    classes,
    format: ['256', '512'].flatMap((bits) => [
      '--add-scram',
      `SCRAM-SHA-${bits}=[name=${user},password=${password}]`,
    ]),
    properties: {
      ...Object.fromEntries(stores),
      'listener.name.mutual.ssl.client.auth': 'required',
      'listener.name.mutual.ssl.truststore.type': 'PEM',
      'listener.name.mutual.ssl.truststore.location': authority.ca,
      'connections.max.reauth.ms': String(sessionMs),
      'listener.name.sasl.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      'listener.name.sasl.plain.sasl.jaas.config': `${login}.plain.PlainLoginModule required user_${user}="${password}";`,
      'listener.name.sasl.scram-sha-256.sasl.jaas.config': scram,
      'listener.name.sasl.scram-sha-512.sasl.jaas.config': scram,
      ...mskListener('iam', keyFile),
    },
  })
  return {
    broker,
    ca: authority.ca,
    bootstrap: Object.fromEntries(doors.map((door) => [door, `127.0.0.1:${ports.get(door)}`])) as Record<
      Door,
      string
    >,
    decisions: () => decisionsOf(keyFile),
    stop: () => broker.stop(),
  }
}

export interface Authority {
  /** PEM file. */
  readonly ca: string
  /** Writes `<name>.pem`: a key and its certificate, as Kafka takes them. Answers the file. */
  sign(name: string, names: readonly string[], options?: { readonly expired?: boolean }): Promise<string>
}

/** An authority of one's own, in a folder. */
export async function makeAuthority(home: string): Promise<Authority> {
  const file = (name: string) => join(home, name)
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  await exec('openssl', [
    ...['req', '-x509', ...key, '-days', '2', '-subj', '/CN=Test authority'],
    ...['-keyout', file('ca-key.pem'), '-out', file('ca.pem')],
  ])
  return {
    ca: file('ca.pem'),
    async sign(name, names, { expired = false } = {}) {
      const [request, extensions, certificate] = ['csr', 'ext', 'crt'].map((end) =>
        file(`${name}.${end}`),
      ) as [string, string, string]
      await writeFile(extensions, `subjectAltName=${names.join()}\nbasicConstraints=critical,CA:FALSE\n`)
      await exec('openssl', [
        'req',
        '-new',
        ...key,
        '-subj',
        `/CN=${name}`,
        '-keyout',
        file(`${name}.key`),
        '-out',
        request,
      ])
      await exec('openssl', [
        ...['x509', '-req', '-in', request, '-CA', file('ca.pem'), '-CAkey', file('ca-key.pem')],
        ...['-CAcreateserial', '-days', expired ? '-1' : '2', '-extfile', extensions, '-out', certificate],
      ])
      const both = [await readFile(file(`${name}.key`), 'utf8'), await readFile(certificate, 'utf8')]
      await writeFile(file(`${name}.pem`), both.join(''))
      return file(`${name}.pem`)
    },
  }
}

/** What a listener is told that takes MSK's IAM: tokens (OAUTHBEARER), and AWS's own mechanism of Java clients. */
export function mskListener(name: string, keyFile: string): Record<string, string> {
  const options = `keys="${keyFile}" region="${region}"`
  const login = 'org.apache.kafka.common.security'
  const of = (mechanism: string, module: string) => ({
    [`listener.name.${name}.${mechanism}.sasl.jaas.config`]: `${login}.${module} ${options};`,
    [`listener.name.${name}.${mechanism}.sasl.server.callback.handler.class`]: 'MskTokenVerifier',
  })
  return {
    'security.providers': 'MskIamMechanism',
    [`listener.name.${name}.sasl.enabled.mechanisms`]: 'OAUTHBEARER,AWS_MSK_IAM',
    ...of(
      'oauthbearer',
      'oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker"',
    ),
    ...of('aws_msk_iam', 'plain.PlainLoginModule required'),
  }
}

/** The keys that the verifier knows; it reads them anew each time. */
export const writeKeys = (keyFile: string, keys: readonly SignerKey[]): Promise<void> =>
  writeFile(
    keyFile,
    keys.map((key) => `${key.id} ${key.secret} ${key.token || '-'} ${key.principal}\n`).join(''),
  )

/** What the verifier decided so far: `good <principal>`, `bad <why>`; of the Java clients with ` by AWS_MSK_IAM`. */
export const decisionsOf = async (keyFile: string): Promise<string[]> =>
  (await readFile(`${keyFile}.log`, 'utf8').catch(() => '')).split('\n').filter(Boolean)

/** The verifier's classes, in a folder. */
export async function compileVerifier(home: string): Promise<string> {
  const libs = await kafkaLibs()
  const sources = ['MskTokenVerifier', 'MskIamMechanism'].map((name) =>
    resolve(import.meta.dirname, `${name}.java`),
  )
  const classes = join(home, 'classes')
  await exec('javac', ['-proc:none', '-d', classes, '-cp', `${libs}/*`, ...sources])
  return classes
}
