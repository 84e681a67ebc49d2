/** The filter language (docs/filter.md): an expression over one message, parsed by acorn, run as closures, never as code. */
import { type Expression, parseExpressionAt } from 'acorn'
import { AppError } from '../../shared/errors.ts'
import type { FilterMessage, MessageFilter } from './message.ts'
import { createScope } from './names.ts'
import { compileNode, invalid } from './nodes.ts'
import { mayHold, requiredTexts } from './required.ts'

/** Longer ones are no longer read by anybody; also the contract's limit. */
const longest = 4_096

/** Throws AppError FILTER_INVALID; the filter itself throws where it does not fit a message. */
export function compileFilter(text: string): MessageFilter {
  if (text.length > longest) {
    throw invalid({ start: longest }, `it is longer than ${longest} characters`, 'Shorten it.')
  }
  const expression = parse(text)
  const wanted = compileNode(expression)
  const texts = requiredTexts(expression).map((each) => Buffer.from(each))
  const scope = createScope()
  if (texts.length === 0) return (message) => Boolean(wanted(scope.of(message)))
  const mayBeIn = mayHold(texts)
  const matches = (message: FilterMessage) => mayBeIn(message.value) && Boolean(wanted(scope.of(message)))
  return Object.assign(matches, { mayBeIn })
}

function parse(text: string): Expression {
  try {
    const expression = parseExpressionAt(text, 0, {
      ecmaVersion: 2025,
      // Without it an expression in parentheses would seem to end before the last of them.
      preserveParens: true,
    })
    const rest = text.slice(expression.end).search(/\S/)
    if (rest < 0) return expression
    throw invalid(
      { start: expression.end + rest },
      'something follows the expression',
      'Join two conditions with && or ||.',
    )
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown
    if (thrown instanceof RangeError)
      throw invalid({ start: 0 }, 'this is nested too deep', 'Write it in fewer steps.')
    const { pos = 0, message = '' } = thrown as { pos?: number; message?: string }
    const what = message.replace(/\s*\(\d+:\d+\)$/, '')
    throw invalid(
      { start: pos },
      what.charAt(0).toLowerCase() + what.slice(1),
      'Write for example: value.country == "Albania"',
    )
  }
}
