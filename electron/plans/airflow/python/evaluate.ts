/** The value of an expression of Python, as far as it is certain without running it. */
import type { SyntaxNode } from '@lezer/common'
import type { Scope } from './scope.ts'
import type { PyCall, PyValue } from './value.ts'

export interface Reading {
  readonly text: string
  readonly calls: PyCall[]
  lineOf(at: number): number
}

export const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const found: SyntaxNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.name !== 'Comment') found.push(child)
  return found
}

const punctuation = new Set([',', '(', ')', '[', ']', '{', '}', ':'])

export function evaluate(
  reading: Reading,
  node: SyntaxNode,
  scope: Scope,
  within: readonly string[],
): PyValue {
  const source = reading.text.slice(node.from, node.to)
  const value = (child: SyntaxNode) => evaluate(reading, child, scope, within)
  const unknown = (): PyValue => ({
    kind: 'unknown',
    source,
    parts: childrenOf(node)
      .filter(({ name }) => /^[A-Z]/.test(name))
      .map(value),
  })
  switch (node.name) {
    case 'String':
      return textValue(source) ?? unknown()
    case 'ContinuedString': {
      const parts = childrenOf(node).map(value)
      const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []))
      return texts.length === parts.length ? { kind: 'text', text: texts.join('') } : unknown()
    }
    case 'Number': {
      const number = Number(source.replaceAll('_', ''))
      return Number.isNaN(number) ? unknown() : { kind: 'number', value: number }
    }
    case 'UnaryExpression': {
      const [sign, operand] = childrenOf(node)
      const inner = operand === undefined ? unknown() : value(operand)
      const negative = sign !== undefined && reading.text.slice(sign.from, sign.to) === '-'
      return negative && inner.kind === 'number' ? { kind: 'number', value: -inner.value } : unknown()
    }
    case 'Boolean':
      return { kind: 'bool', value: source === 'True' }
    case 'None':
      return { kind: 'none' }
    case 'VariableName':
      return scope.get(source) ?? { kind: 'unknown', source, parts: [] }
    case 'ParenthesizedExpression': {
      const inner = childrenOf(node).find(({ name }) => !punctuation.has(name))
      return inner === undefined ? unknown() : value(inner)
    }
    case 'ArrayExpression':
    case 'TupleExpression': {
      const items = childrenOf(node).filter(({ name }) => !punctuation.has(name))
      return { kind: 'list', items: items.map(value), open: items.some(({ name }) => name === '*') }
    }
    case 'DictionaryExpression':
      return dictionary(node, value)
    case 'ConditionalExpression': {
      const [yes, , condition, , no] = childrenOf(node)
      const holds = condition === undefined ? null : conditionOf(reading, condition, scope, within)
      const chosen = holds === null ? undefined : holds ? yes : no
      return chosen === undefined ? unknown() : value(chosen)
    }
    case 'CallExpression': {
      const [callee, list] = childrenOf(node)
      if (callee === undefined) return unknown()
      evaluate(reading, callee, scope, within)
      const name = scope.full(reading.text.slice(callee.from, callee.to))
      const call = callOf(reading, { name, node, list, decorates: null }, scope, within)
      reading.calls.push(call)
      return { kind: 'call', call }
    }
    default:
      return unknown()
  }
}

export function callOf(
  reading: Reading,
  of: {
    readonly name: string
    readonly node: SyntaxNode
    readonly list: SyntaxNode | undefined
    readonly decorates: string | null
  },
  scope: Scope,
  within: readonly string[],
): PyCall {
  const positional: PyValue[] = []
  const keywords = new Map<string, PyValue>()
  let open = false
  const parts = of.list === undefined ? [] : childrenOf(of.list).filter(({ name }) => !punctuation.has(name))
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at]
    const next = parts[at + 1]
    const after = parts[at + 2]
    if (part === undefined) break
    if (part.name === '*') {
      open = true
      at += 1
    } else if (part.name === '**' && next !== undefined) {
      const more = evaluate(reading, next, scope, within)
      if (more.kind === 'dict') for (const [name, value] of more.entries) keywords.set(name, value)
      if (more.kind !== 'dict' || more.open) open = true
      at += 1
    } else if (part.name === 'VariableName' && next?.name === 'AssignOp' && after !== undefined) {
      keywords.set(reading.text.slice(part.from, part.to), evaluate(reading, after, scope, within))
      at += 2
    } else positional.push(evaluate(reading, part, scope, within))
  }
  return {
    name: of.name,
    positional,
    keywords,
    open,
    line: reading.lineOf(of.node.from),
    decorates: of.decorates,
    within,
  }
}

function dictionary(node: SyntaxNode, value: (child: SyntaxNode) => PyValue): PyValue {
  const entries = new Map<string, PyValue>()
  let open = false
  const parts = childrenOf(node).filter(({ name }) => !/^[,{}]$/.test(name))
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at]
    if (part === undefined) break
    if (part.name === '**') {
      const more = parts[at + 1]
      const inner = more === undefined ? null : value(more)
      if (inner?.kind === 'dict') for (const [name, each] of inner.entries) entries.set(name, each)
      if (inner?.kind !== 'dict' || inner.open) open = true
      at += 1
      continue
    }
    const key = value(part)
    const after = parts[at + 2]
    if (parts[at + 1]?.name !== ':' || after === undefined) {
      open = true
      continue
    }
    const each = value(after)
    if (key.kind === 'text') entries.set(key.text, each)
    else open = true
    at += 2
  }
  return { kind: 'dict', entries, open }
}

/** Of `x is None`, `x is not None`, `not x`, and a plain value; null where running it would tell. */
export function conditionOf(
  reading: Reading,
  node: SyntaxNode,
  scope: Scope,
  within: readonly string[],
): boolean | null {
  const parts = childrenOf(node)
  if (node.name === 'BinaryExpression' && parts[1]?.name === 'is' && parts.at(-1)?.name === 'None') {
    const subject = parts[0]
    const value = subject === undefined ? null : evaluate(reading, subject, scope, within)
    if (value === null || value.kind === 'unknown') return null
    return (value.kind === 'none') !== (parts[2]?.name === 'not')
  }
  const value = node.name === 'VariableName' ? scope.get(reading.text.slice(node.from, node.to)) : undefined
  if (value?.kind === 'none') return false
  if (value?.kind === 'bool') return value.value
  return value?.kind === 'text' ? value.text !== '' : null
}

/** Of a literal without anything put into it; escapes as Python's and JSON's have in common. */
function textValue(source: string): PyValue | null {
  const match = /^([rRbBuU]{0,2})('''|"""|'|")([\s\S]*)\2$/.exec(source)
  if (match === null) return null
  const [, prefix = '', , body = ''] = match
  if (/[bB]/.test(prefix)) return null
  const text = /[rR]/.test(prefix) ? body : body.replace(/\\(u[\da-fA-F]{4}|x[\da-fA-F]{2}|\n|.)/g, unescaped)
  return { kind: 'text', text }
}

const plainEscapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' }
const unescaped = (_: string, code: string): string =>
  code.length > 1 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (plainEscapes[code] ?? code)
