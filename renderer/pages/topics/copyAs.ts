/** A message as something to run elsewhere: read it again, send it again, or use it in a program. */
import type { Bytes } from '../../../shared/contract/base.ts'
import type { Message } from '../../../shared/contract/topics.ts'

export interface Addresses {
  /** `host:port`; empty where it is not known. */
  readonly bootstrap: string
  /** Address of the gateway with its stage; empty where there is none. */
  readonly gateway: string
}

/** Safe within a POSIX shell. */
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/** Reads exactly this message (kcat is the common name of kafkacat). */
export function asKcat({ bootstrap }: Addresses, topic: string, { partition, offset }: Message): string {
  return `kcat -b ${quote(bootstrap)} -t ${quote(topic)} -p ${partition} -o ${offset} -c 1 -C -J`
}

/** The same through our own terminal. */
export function asPipeline(topic: string, { partition, offset }: Message): string {
  return `pipeline topics browse ${quote(topic)} --partition ${partition} --from offset:${offset} --limit 1 --json`
}

const isJson = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** JSON as it stands, so that large numbers stay as they are. */
function embedded(bytes: Bytes | null): string {
  if (bytes === null) return 'null'
  return bytes.encoding === 'utf8' && isJson(bytes.data) ? bytes.data : JSON.stringify(bytes.data)
}

/** Sends it again through the gateway; bytes that are no text go in the binary format. */
export function asCurl({ gateway }: Addresses, topic: string, { key, value, partition }: Message): string {
  const binary = key?.encoding === 'base64' || value?.encoding === 'base64'
  const base64 = (bytes: Bytes | null) =>
    bytes === null ? 'null' : JSON.stringify(bytes.encoding === 'base64' ? bytes.data : toBase64(bytes.data))
  const part = binary ? base64 : embedded
  const record = `{"key":${part(key)},"value":${part(value)},"partition":${partition}}`
  const type = `application/vnd.kafka.${binary ? 'binary' : 'json'}.v2+json`
  return [
    `curl -X POST ${quote(`${gateway}/topics/${topic}`)}`,
    `-H ${quote(`Content-Type: ${type}`)}`,
    `--data ${quote(`{"records":[${record}]}`)}`,
  ].join(' \\\n  ')
}

function toBase64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** A literal of the message, with its value as what it is. */
export function asTypeScript(
  topic: string,
  { partition, offset, timestamp, key, value, headers }: Message,
): string {
  const lines = [
    `topic: ${JSON.stringify(topic)},`,
    `partition: ${partition},`,
    `offset: ${offset}n,`,
    `timestamp: ${timestamp},`,
    `key: ${literal(key)},`,
    `value: ${literal(value)},`,
    `headers: { ${headers.map(({ name, value: each }) => `${JSON.stringify(name)}: ${literal(each)}`).join(', ')} },`,
  ]
  return `const message = {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`
}

function literal(bytes: Bytes | null): string {
  if (bytes === null) return 'null'
  if (bytes.encoding === 'base64') return `Buffer.from(${JSON.stringify(bytes.data)}, 'base64')`
  return embedded(bytes)
}
