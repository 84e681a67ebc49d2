/** A caller's regular expression over topic names, bounded in time: a bad one must not hold up the gateway. */
import { createContext, runInContext } from 'node:vm'
import { proxyError } from './answer.ts'

/** For all names together, ms. */
const matchMs = 100

/** The names the whole of which the pattern matches, as Java's `matches` does. Throws 422 for a pattern that is none. */
export function matchingTopics(pattern: string, names: readonly string[]): string[] {
  const context = createContext({ pattern, names: JSON.stringify(names) })
  try {
    const found: unknown = runInContext(program, context, { timeout: matchMs })
    return JSON.parse(String(found)) as string[]
  } catch (error) {
    const code = (error as { code?: string }).code
    const why =
      code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? 'it takes too long to match' : 'it is not a valid expression'
    throw proxyError(422, 422, `topic_pattern is not valid: ${why}.`)
  }
}

const program = `
  const expression = new RegExp('^(?:' + pattern + ')$')
  JSON.stringify(JSON.parse(names).filter((name) => expression.test(name)))
`
