/** One record's value as one JSON line. Every record has a line, whatever it holds, so that no offset is ever missing. */
import { isUtf8 } from 'node:buffer'

export interface Line {
  /** Without the line feed. */
  readonly bytes: Buffer
  /** Kafka Connect's JsonConverter would have ended the connector's task here (F-41). */
  readonly notJson: boolean
}

const nothing = Buffer.from('null')
const lineFeed = 0x0a
const carriageReturn = 0x0d

/**
 * Valid JSON stays byte for byte as it is; line breaks, which JSON has only between its tokens, become blanks. A
 * tombstone is `null`. Anything else becomes `{"__not_json__":"…"}`, or `{"__not_json_base64__":"…"}` where it is no text.
 */
export function toLine(value: Buffer | null): Line {
  if (value === null) return { bytes: nothing, notJson: false }
  if (!isUtf8(value)) return notJson('__not_json_base64__', value.toString('base64'))
  const text = value.toString('utf8')
  if (!isJson(text)) return notJson('__not_json__', text)
  const broken = value.includes(lineFeed) || value.includes(carriageReturn)
  return { bytes: broken ? Buffer.from(text.replaceAll(/[\r\n]/g, ' ')) : value, notJson: false }
}

function notJson(name: string, text: string): Line {
  return { bytes: Buffer.from(JSON.stringify({ [name]: text })), notJson: true }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
