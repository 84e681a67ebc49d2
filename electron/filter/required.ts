/** Texts that must stand in a message's bytes for the expression to be true: most messages then need no parsing. */
import type { Expression } from 'acorn'

/** Shorter ones are in nearly every message. */
const shortest = 2

/** Empty where nothing can be said for certain. */
export function requiredTexts(node: Expression): string[] {
  if (node.type === 'ParenthesizedExpression') return requiredTexts(node.expression)
  if (node.type === 'LogicalExpression' && node.operator === '&&')
    return [...requiredTexts(node.left), ...requiredTexts(node.right)]
  if (node.type !== 'BinaryExpression' || (node.operator !== '==' && node.operator !== '===')) return []
  const { left, right, operator } = node
  if (left.type === 'PrivateIdentifier') return []
  const text = ofValue(left) ? literal(right) : ofValue(right) ? literal(left) : null
  if (text === null || text.length < shortest) return []
  // The number 1000 is == "1000" and may be written 1e3.
  return operator === '===' || Number.isNaN(Number(text)) ? [text] : []
}

/** `value.a.b`: a member of the parsed value, which stands in the bytes as JSON. */
function ofValue(node: Expression): boolean {
  if (node.type === 'ChainExpression') return ofValue(node.expression)
  if (node.type !== 'MemberExpression' || node.object.type === 'Super') return false
  // The length of a text stands nowhere in the bytes.
  if (!node.computed && node.property.type === 'Identifier' && node.property.name === 'length') return false
  return (node.object.type === 'Identifier' && node.object.name === 'value') || ofValue(node.object)
}

/** A text that JSON writes as it is, unless with an escape for no need. */
function literal(node: Expression): string | null {
  if (node.type !== 'Literal' || typeof node.value !== 'string') return null
  return /^[\x20-\x7e]*$/.test(node.value) && JSON.stringify(node.value) === `"${node.value}"`
    ? node.value
    : null
}

const backslash = 0x5c

/** False only where the expression cannot be true: a text is missing, and no escape could stand for it. */
export function mayHold(texts: readonly Buffer[]): (value: Buffer | null) => boolean {
  return (value) =>
    texts.every((text) => value?.includes(text) === true) || value?.includes(backslash) === true
}
