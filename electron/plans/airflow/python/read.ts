/** Reads a Python file without running it: its imports and its calls, with the values that are certain (a maintained grammar). */
import type { SyntaxNode } from '@lezer/common'
import { parser } from '@lezer/python'
import { callOf, childrenOf, conditionOf, evaluate, type Reading } from './evaluate.ts'
import { newScope, type Scope } from './scope.ts'
import type { PyCall, PyFile, PyImport } from './value.ts'
import { plainWithHeads } from './withHeads.ts'

export function readPython(text: string): PyFile {
  const tree = parser.parse(plainWithHeads(text))
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const lineOf = (at: number) => starts.findLastIndex((start) => start <= at) + 1
  const calls: PyCall[] = []
  const imports: PyImport[] = []
  const reading: Reading = { text, calls, lineOf }
  const words = (node: SyntaxNode) => text.slice(node.from, node.to)

  const block = (nodes: readonly SyntaxNode[], scope: Scope, within: readonly string[]): void => {
    for (const node of nodes) statement(node, scope, within)
  }
  const statement = (node: SyntaxNode, scope: Scope, within: readonly string[]): void => {
    const children = childrenOf(node)
    switch (node.name) {
      case 'ImportStatement':
        for (const each of importsIn(children, words)) {
          imports.push({ name: each.name, line: lineOf(node.from) })
          scope.alias(each.as, each.target)
        }
        return
      case 'AssignStatement': {
        const at = children.findLastIndex(({ name }) => name === 'AssignOp')
        const right = children[at + 1]
        if (at < 0 || right === undefined) return
        const value = evaluate(reading, right, scope, within)
        for (const target of children.slice(0, at)) {
          if (target.name === 'VariableName') scope.set(words(target), value)
          // `settings["k"] = …`: what the whole has then is not followed.
          if (target.name === 'MemberExpression') scope.set(words(target).split(/[.[]/)[0] ?? '', value)
        }
        return
      }
      case 'IfStatement':
        branches(children, scope, within)
        break
      case 'FunctionDefinition': {
        const name = children.find(({ name: kind }) => kind === 'VariableName')
        const inner = [...within, name === undefined ? '' : words(name)]
        block(
          children.filter(({ name: kind }) => kind === 'Body'),
          newScope(scope),
          inner,
        )
        break
      }
      case 'DecoratedStatement': {
        const below = children.find(({ name }) => name === 'FunctionDefinition')
        const named = below?.getChild('VariableName')
        for (const decorator of children.filter(({ name }) => name === 'Decorator')) {
          const parts = childrenOf(decorator).filter(({ name }) => name !== 'At')
          const list = parts.find(({ name }) => name === 'ArgList')
          const callee = words(decorator).slice(1).split('(')[0]?.trim() ?? ''
          const decorates = named == null ? '' : words(named)
          const of = { name: scope.full(callee), node: decorator, list, decorates }
          calls.push(callOf(reading, of, scope, within))
        }
        block(
          children.filter(({ name }) => name !== 'Decorator'),
          scope,
          within,
        )
        break
      }
      case 'Body':
      case 'Script':
      case 'WithStatement':
      case 'TryStatement':
      case 'ForStatement':
      case 'WhileStatement':
      case 'ClassDefinition':
      case 'StatementGroup':
        block(children, scope, within)
        break
      default:
        if (/Expression$|^ExpressionStatement$|^ReturnStatement$|^VariableName$/.test(node.name)) {
          const inner = /Statement$/.test(node.name) ? children : [node]
          for (const each of inner) if (/^[A-Z]/.test(each.name)) evaluate(reading, each, scope, within)
        }
    }
  }
  /** Only the branch that is taken, where that is certain; else all. */
  const branches = (children: readonly SyntaxNode[], scope: Scope, within: readonly string[]): void => {
    let taken: boolean | null = null
    for (const [nth, child] of children.entries()) {
      if (child.name === 'if' || child.name === 'elif') {
        const condition = children[nth + 1]
        const before = taken
        taken = condition === undefined ? null : conditionOf(reading, condition, scope, within)
        if (before === true) return
      } else if (child.name === 'else') {
        if (taken === true) return
        taken = true
      } else if (child.name === 'Body' && taken !== false) statement(child, scope, within)
    }
  }
  statement(tree.topNode, newScope(), [])
  let faultLine: number | null = null
  tree.iterate({
    enter: ({ type, from }) => {
      // The grammar takes Python 2's print too.
      if (type.isError || type.name === 'PrintStatement') faultLine ??= lineOf(from)
    },
  })
  return { calls, imports, faultLine }
}

interface Imported {
  readonly name: string
  /** What it is called here, and what that stands for. */
  readonly as: string
  readonly target: string
}

/** Of `import a.b as c, d` and `from a.b import c as d`. */
function importsIn(children: readonly SyntaxNode[], words: (node: SyntaxNode) => string): Imported[] {
  const text = children.map(words).join(' ').replaceAll(' . ', '.')
  const from = /^from (\S+) import (.*)$/.exec(text)
  const list = (from?.[2] ?? text.replace(/^import /, '')).replace(/[()]/g, '')
  return list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const [what = '', as] = each.split(' as ')
      const name = from === null ? what : `${from[1]}.${what}`
      const first = what.split('.')[0] ?? what
      // `import a.b` makes the name a; `import a.b as c` makes c stand for a.b.
      return as === undefined && from === null
        ? { name, as: first, target: first }
        : { name, as: as ?? what, target: name }
    })
}
