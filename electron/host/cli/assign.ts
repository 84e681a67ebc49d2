/** `key=value` assignments to settings, as `pipelines set` and `settings set` take them. */
import { z } from 'zod'
import { usage } from './parse.ts'

/** What JSON Schema says of an object. */
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
}

/** `schema` as settings are kept: what has a default is always there. */
export const shapeOf = (schema: z.ZodType): Shape =>
  z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as Shape

/**
 * A dotted key: `ports.kafka=9093`. Numbers, true and false are read as such, but where a text stands now. Nothing after the
 * = takes away what need not be there: `topics.names.pin=`. Throws AppError USAGE.
 */
export function assign(target: Record<string, unknown>, text: string, shape: Shape): void {
  const match = /^([A-Za-z][\w.-]*)=(.*)$/s.exec(text)
  if (match === null)
    throw usage('assignment', `Not an assignment: ${text}`, 'Write key=value, for example ports.kafka=9093.')
  const [, path = '', value = ''] = match
  const { owner, key, optional } = findOwner(target, path, shape)
  if (optional && value === '') delete owner[key]
  else {
    const isText = typeof owner[key] === 'string'
    owner[key] = !isText && /^(true|false|-?\d+(\.\d+)?)$/.test(value) ? JSON.parse(value) : value
  }
}

interface Place {
  readonly owner: Record<string, unknown>
  readonly key: string
  readonly optional: boolean
}

/** Some keys contain dots themselves (`flush.size`), so the longest key that there is wins at every level. */
function findOwner(
  target: Record<string, unknown>,
  path: string,
  { properties = {}, required = [] }: Shape,
): Place {
  const known = [...new Set([...Object.keys(properties), ...Object.keys(target)])]
  if (known.includes(path)) return { owner: target, key: path, optional: !required.includes(path) }
  for (const key of known) {
    const value = target[key]
    if (path.startsWith(`${key}.`) && typeof value === 'object' && value !== null)
      return findOwner(value as Record<string, unknown>, path.slice(key.length + 1), properties[key] ?? {})
  }
  throw usage('assignment', `There is no setting called: ${path}`, `There is ${known.join(', ')}.`)
}
