/** Words and lines that the commands about topics share. */
import type { Bytes } from '../../../shared/contract/base.ts'
import type { BrowseFrom, Message } from '../../../shared/contract/topics.ts'
import { isoTime } from '../../../shared/time.ts'
import { usage } from './parse.ts'
import type { CliDeps } from './session.ts'
import { bytes, printable } from './text.ts'

export interface TopicFlags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly yes?: boolean
  readonly partition?: number
  readonly partitions?: number
  readonly limit?: number
  readonly from?: BrowseFrom
  readonly fromBeginning?: boolean
}

/** `newest`, `oldest`, `offset:5`, or a time such as 2026-11-23T20:00:00. */
export function parseFrom(text: string): BrowseFrom {
  if (text === 'newest' || text === 'oldest') return { at: text }
  const offset = /^offset:(\d+)$/.exec(text)?.[1]
  if (offset !== undefined) return { at: 'offset', offset }
  const time = Date.parse(text)
  if (!Number.isNaN(time)) return { at: 'time', time }
  throw usage(
    'from',
    `Not a place to read from: ${text}`,
    'Write newest, oldest, offset:<n>, or a time like 2026-11-23T20:00:00.',
  )
}

/** Bytes for one line of a terminal: text as it is, anything else as base64. */
export function inline(value: Bytes | null): string {
  if (value === null) return 'null'
  return `${printable(value.data)}${value.truncated ? ` … (${bytes(value.size)})` : ''}`
}

function messageLine({ partition, offset, timestamp, key, value }: Message): string {
  return `${isoTime(timestamp) ?? 'no time'} ${partition}/${offset} ${key === null ? '' : `${inline(key)} `}${inline(value)}`
}

export const showMessage = (deps: CliDeps, flags: TopicFlags, message: Message) =>
  deps.terminal.out(flags.json ? JSON.stringify(message) : messageLine(message))
