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

/** A command where only the pipeline's machine sees the address. */
export const onMachine = (pipeline: string, command: string): string =>
  `pipeline ssh ${quote(pipeline)} ${quote(command)}`

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

/** Longer ones are no argument of a command: Linux takes 128 KiB each (MAX_ARG_STRLEN). */
const longestArgument = 100_000

/**
 * Sends it again through the gateway, byte for byte: only JSON goes as it stands, with every digit; in the JSON format a
 * text would arrive in quotes, so all else goes in the binary format.
 */
export function asCurl({ gateway }: Addresses, topic: string, { key, value, partition }: Message): string {
  const binary = [key, value].some(
    (part) => part !== null && !(part.encoding === 'utf8' && isJson(part.data)),
  )
  const base64 = (bytes: Bytes | null) =>
    bytes === null ? 'null' : JSON.stringify(bytes.encoding === 'base64' ? bytes.data : toBase64(bytes.data))
  const part = binary ? base64 : (bytes: Bytes | null) => bytes?.data ?? 'null'
  const record = `{"key":${part(key)},"value":${part(value)},"partition":${partition}}`
  const body = `{"records":[${record}]}`
  const type = `application/vnd.kafka.${binary ? 'binary' : 'json'}.v2+json`
  return [
    `curl -X POST ${quote(`${gateway}/topics/${topic}`)}`,
    `-H ${quote(`Content-Type: ${type}`)}`,
    ...(body.length > longestArgument
      ? [`--data-binary @- <<'END'\n${body}\nEND`]
      : [`--data ${quote(body)}`]),
  ].join(' \\\n  ')
}

function toBase64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
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
    `headers: { ${headerLiterals(headers).join(', ')} },`,
  ]
  return `const message = {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`
}

/** Several of one name become a list, as kafkajs takes them; a header is never more than its text. */
function headerLiterals(headers: Message['headers']): string[] {
  return [...Map.groupBy(headers, ({ name }) => name)].map(([name, theirs]) => {
    const values = theirs.map(({ value }) =>
      value?.encoding === 'utf8' ? JSON.stringify(value.data) : literal(value),
    )
    return `${JSON.stringify(name)}: ${values.length === 1 ? values[0] : `[${values.join(', ')}]`}`
  })
}

function literal(bytes: Bytes | null): string {
  if (bytes === null) return 'null'
  if (bytes.encoding === 'base64') return `Buffer.from(${JSON.stringify(bytes.data)}, 'base64')`
  // JSON as it stands, so that large numbers stay as they are.
  return isJson(bytes.data) ? bytes.data : JSON.stringify(bytes.data)
}
