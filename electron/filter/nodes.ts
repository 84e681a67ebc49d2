/** From a parsed expression to closures: an allow-list of node types, and whatever is not on it is refused with a reason. */
import type { ArrowFunctionExpression, CallExpression, Expression, Node, Pattern } from 'acorn'
import { AppError } from '../../shared/errors.ts'
import { type Arrow, callMethod, functions, methodNames, takesArrow } from './methods.ts'
import { isMessageName, messageNames, type Scope } from './names.ts'
import { looselyEqual, Misfit, member, operands, plain } from './values.ts'

export type Evaluate = (scope: Scope) => unknown

/** Deeper ones nobody reads, and they could overflow the stack. */
const deepest = 100

/** Throws AppError FILTER_INVALID. `params` are the parameters of the arrow functions around it. */
export function compileNode(node: Expression, params: readonly string[] = [], depth = 0): Evaluate {
  if (depth > deepest) throw invalid(node, 'this is nested too deep', 'Write it in fewer steps.')
  const into = (child: Expression) => compileNode(child, params, depth + 1)
  switch (node.type) {
    case 'Literal':
      return literal(node)
    case 'Identifier':
      return name(node, node.name, params)
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return into(node.expression)
    case 'MemberExpression': {
      if (node.object.type === 'Super') throw refused(node)
      const object = into(node.object)
      if (!node.computed) {
        const key = node.property.type === 'Identifier' ? node.property.name : ''
        return (scope) => member(object(scope), key)
      }
      const key = into(node.property as Expression)
      return (scope) => member(object(scope), key(scope))
    }
    case 'UnaryExpression':
      return unary(node, node.operator, into(node.argument))
    case 'BinaryExpression':
      if (node.left.type === 'PrivateIdentifier') throw refused(node)
      return binary(node, node.operator, into(node.left), into(node.right))
    case 'LogicalExpression': {
      const left = into(node.left)
      const right = into(node.right)
      if (node.operator === '&&') return (scope) => left(scope) && right(scope)
      if (node.operator === '||') return (scope) => left(scope) || right(scope)
      return (scope) => left(scope) ?? right(scope)
    }
    case 'ConditionalExpression': {
      const test = into(node.test)
      const yes = into(node.consequent)
      const no = into(node.alternate)
      return (scope) => (test(scope) ? yes(scope) : no(scope))
    }
    case 'ArrayExpression': {
      const items = node.elements.map((item) => {
        if (item === null || item.type === 'SpreadElement') throw refused(node)
        return into(item)
      })
      return (scope) => items.map((item) => item(scope))
    }
    case 'TemplateLiteral': {
      const texts = node.quasis.map(({ value }) => value.cooked ?? '')
      const parts = node.expressions.map(into)
      return (scope) =>
        texts.reduce((text, next, at) => `${text}${String(plain(parts[at - 1]?.(scope), 'a part'))}${next}`)
    }
    case 'CallExpression':
      return call(node, params, depth)
    default:
      throw refused(node)
  }
}

function literal(node: Extract<Expression, { type: 'Literal' }>): Evaluate {
  const { regex, value } = node
  if (regex) {
    if (/[gy]/.test(regex.flags)) {
      throw invalid(node, 'a regular expression takes no flag g or y here', 'Leave the flag out.')
    }
    // Its state does not change without g and y, so that one serves every message.
    const made = new RegExp(regex.pattern, regex.flags)
    return () => made
  }
  if (typeof value === 'bigint') throw refused(node)
  return () => value
}

function name(node: Node, id: string, params: readonly string[]): Evaluate {
  const at = params.lastIndexOf(id)
  if (at >= 0) return (scope) => scope.locals[at]
  if (id === 'undefined') return () => undefined
  if (isMessageName(id)) return (scope) => scope.get(id)
  throw invalid(node, `there is no name ${id}`, `The names are ${messageNames.join(', ')}.`)
}

function unary(node: Node, operator: string, of: Evaluate): Evaluate {
  if (operator === '!') return (scope) => !of(scope)
  if (operator === '-') return (scope) => -operands(of(scope), 0, '-')[0]
  if (operator === '+') return (scope) => Number(plain(of(scope), 'what stands at +'))
  if (operator === 'typeof') return (scope) => typeof of(scope)
  throw refused(node)
}

function binary(node: Node, operator: string, left: Evaluate, right: Evaluate): Evaluate {
  if (operator === '==') return (scope) => looselyEqual(left(scope), right(scope))
  if (operator === '!=') return (scope) => !looselyEqual(left(scope), right(scope))
  if (operator === '===') return (scope) => left(scope) === right(scope)
  if (operator === '!==') return (scope) => left(scope) !== right(scope)
  if (operator === 'in') {
    return (scope) => {
      const key = String(plain(left(scope), 'what stands at in'))
      const of = right(scope)
      if (typeof of === 'object' && of !== null) return Object.hasOwn(of, key)
      throw new Misfit('only an object has names to look for with in')
    }
  }
  const work = arithmetic[operator]
  if (work === undefined) throw refused(node)
  return (scope) => work(...operands(left(scope), right(scope), operator))
}

const arithmetic: Readonly<Record<string, (a: number, b: number) => unknown>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
}

function call(node: CallExpression, params: readonly string[], depth: number): Evaluate {
  const { callee } = node
  const args = node.arguments.map((argument) => {
    if (argument.type === 'SpreadElement') throw refused(argument)
    if (argument.type !== 'ArrowFunctionExpression') return compileNode(argument, params, depth + 1)
    const method =
      callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && callee.property.name
    if (method === false || !takesArrow.has(method)) throw refused(argument)
    return arrow(argument, params, depth)
  })
  const known = functions[wholeName(callee)]
  if (known !== undefined) return (scope) => known(args.map((arg) => arg(scope)))
  if (callee.type !== 'MemberExpression' || callee.computed || callee.object.type === 'Super')
    throw notCallable(callee)
  const method = callee.property.type === 'Identifier' ? callee.property.name : ''
  if (!methodNames.includes(method)) throw notCallable(callee)
  const object = compileNode(callee.object, params, depth + 1)
  return (scope) => {
    const self = object(scope)
    return self === undefined || self === null
      ? undefined
      : callMethod(
          self,
          method,
          args.map((arg) => arg(scope)),
        )
  }
}

/** `x => …` of one parameter; its value stands where the name's place in `params` says. */
function arrow(node: ArrowFunctionExpression, params: readonly string[], depth: number): Evaluate {
  const [param, ...more] = node.params as Pattern[]
  if (node.async || node.body.type === 'BlockStatement' || param?.type !== 'Identifier' || more.length > 0) {
    throw invalid(node, 'a function has one parameter and one expression here', 'Write x => x.name == "a".')
  }
  const at = params.length
  const body = compileNode(node.body, [...params, param.name], depth + 1)
  return (scope): Arrow =>
    (item) => {
      scope.locals[at] = item
      return body(scope)
    }
}

/** `Math.round`, `Number`; empty for anything else. */
function wholeName(node: CallExpression['callee']): string {
  if (node.type === 'Identifier') return Object.hasOwn(functions, node.name) ? node.name : ''
  if (node.type !== 'MemberExpression' || node.computed || node.object.type !== 'Identifier') return ''
  const whole = node.property.type === 'Identifier' ? `${node.object.name}.${node.property.name}` : ''
  return Object.hasOwn(functions, whole) ? whole : ''
}

function notCallable(node: Node): AppError {
  const all = [...methodNames, ...Object.keys(functions)].join(', ')
  return invalid(node, 'this cannot be called', `What can be called is ${all}.`)
}

function refused(node: Node): AppError {
  return invalid(
    node,
    `${node.type} is not part of the filter language`,
    'Use members, comparisons, && and ||, and the methods of docs/filter.md.',
  )
}

export function invalid({ start }: Pick<Node, 'start'>, what: string, hint: string): AppError {
  return new AppError({
    code: 'FILTER_INVALID',
    message: `The filter cannot be read: at character ${start + 1}, ${what}.`,
    hint,
    field: 'filter',
  })
}
