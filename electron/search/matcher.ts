/** The filter of a search as one function over records, and the count of those it does not fit. */
import type { Filter } from '../../shared/contract/search.ts'
import { compileFilter } from '../filter/compile.ts'
import type { FilterMessage, MessageFilter } from '../filter/message.ts'
import { compileText } from '../filter/text.ts'

/** Throws AppError FILTER_INVALID. */
export function compile(filter: Filter): MessageFilter {
  if (filter.kind === 'none') return () => true
  return filter.kind === 'text' ? compileText(filter.text, filter) : compileFilter(filter.text)
}

export interface Matcher {
  /** Whether it is of the time that is looked at. */
  inTime(message: FilterMessage): boolean
  /** False only where the look at any message whose key and value lie within these bytes can be spared. */
  mayBeIn(bytes: Buffer): boolean
  /** For messages of that time. */
  wants(message: FilterMessage): boolean
  misfits(): number
  /** What the first message that did not fit said. */
  misfit(): string | null
}

/** `times`: only messages of this time are wanted, ms since 1970. */
export function matcher(
  filter: Filter,
  times: { readonly from?: number | undefined; readonly to?: number | undefined },
): Matcher {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = times
  const matches = compile(filter)
  let misfits = 0
  let misfit: string | null = null
  return {
    inTime: ({ timestamp }) => timestamp >= from && timestamp < to,
    mayBeIn: matches.mayBeIn ?? (() => true),
    wants(message) {
      try {
        return matches(message)
      } catch (thrown) {
        misfits += 1
        misfit ??= thrown instanceof Error ? thrown.message : String(thrown)
        return false
      }
    },
    misfits: () => misfits,
    misfit: () => misfit,
  }
}
