import { expect, it } from 'vitest'
import { readPython } from './read.ts'
import { durationMinutes, textOf } from './value.ts'

const callOf = (text: string, name: string) => readPython(text).calls.find((call) => call.name === name)

it('knows a call by its full name, whatever it was imported as', () => {
  const file = readPython(`
from airflow import DAG as D
import airflow.models as m, airflow.sdk
from airflow.models import (
    DAG,
    Variable,
)
D("a")
m.DAG("b")
airflow.sdk.DAG("c")
DAG("d")
`)
  expect(file.faultLine).toBeNull()
  expect(file.calls.map(({ name, line, positional }) => [name, line, textOf(positional[0])])).toEqual([
    ['airflow.DAG', 8, 'a'],
    ['airflow.models.DAG', 9, 'b'],
    ['airflow.sdk.DAG', 10, 'c'],
    ['airflow.models.DAG', 11, 'd'],
  ])
  expect(file.imports.map(({ name }) => name)).toContain('airflow.models.Variable')
})

it('follows names, texts, dictionaries and what is spread into them', () => {
  const text = `
NAME = "a" 'b'
more = {"x": NAME, "n": -1_000}
f({**more, "y": r"\\d", "z": "\\u00e9\\n", NAME: [True, (None,)]}, k=NAME, **more)
`
  const call = callOf(text, 'f')
  expect(call?.open).toBe(false)
  expect(textOf(call?.keywords.get('k'))).toBe('ab')
  expect(textOf(call?.keywords.get('x'))).toBe('ab')
  const given = call?.positional[0]
  expect(given?.kind === 'dict' && [...given.entries]).toEqual([
    ['x', { kind: 'text', text: 'ab' }],
    ['n', { kind: 'number', value: -1_000 }],
    ['y', { kind: 'text', text: '\\d' }],
    ['z', { kind: 'text', text: 'é\n' }],
    [
      'ab',
      {
        kind: 'list',
        open: false,
        items: [
          { kind: 'bool', value: true },
          { kind: 'list', open: false, items: [{ kind: 'none' }] },
        ],
      },
    ],
  ])
})

it('says what it cannot know instead of guessing', () => {
  const call = callOf('a = 1\na = 2\nf(a, b, f"x{a}", os.environ["A"], **rest)', 'f')
  expect(call?.positional.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'unknown', 'unknown'])
  expect(call?.open).toBe(true)
})

it('takes the branch that is certain, and both where none is', () => {
  const names = (text: string) => readPython(text).calls.map(({ name }) => name)
  expect(names('A = None\nif A is not None:\n    x()\nelse:\n    y()')).toEqual(['y'])
  expect(names('A = 1\nif A is not None:\n    x()\nelif A:\n    z()\nelse:\n    y()')).toEqual(['x'])
  expect(names('if unknown:\n    x()\nelse:\n    y()')).toEqual(['x', 'y'])
  const call = callOf('A = None\nf({} if A is None else {"k": A})', 'f')
  expect(call?.positional[0]).toEqual({ kind: 'dict', entries: new Map(), open: false })
})

it('says in which function a call stands, and which function a decorator is for', () => {
  const { calls } = readPython('@dag(schedule="@daily")\ndef daily():\n    Op(task_id="a")\ndaily()')
  expect(calls.map(({ name, decorates, within }) => [name, decorates, within])).toEqual([
    ['dag', 'daily', []],
    ['Op', null, ['daily']],
    ['daily', null, []],
  ])
})

it('reads what a with statement in parentheses makes, on one line or several', () => {
  const names = (text: string) => {
    const { faultLine, calls } = readPython(text)
    return faultLine ?? calls.map(({ name, line }) => `${name} ${line}`)
  }
  expect(names('with (DAG("a") as dag):\n    Op()\n')).toEqual(['DAG 1', 'Op 2'])
  expect(names('with (DAG("a)", x=[1]) as dag, other() as more):\n    Op()\n')).toEqual([
    'DAG 1',
    'other 1',
    'Op 2',
  ])
  const several = `
with (
    DAG(
        "a",  # its id :(
        schedule=None,
    ) as dag,  # and
    other() as more,
):
    with (Group("b") as group):
        Op()
`
  expect(names(several)).toEqual(['DAG 3', 'other 7', 'Group 9', 'Op 10'])
  // A value in parentheses is none of it, and what is not closed is no Python.
  expect(names('with (open("a")) as file:\n    Op()\n')).toEqual(['open 1', 'Op 2'])
  expect(names('with (DAG("a") as dag:\n    Op()\n')).toEqual(expect.any(Number))
})

it('finds the line that is no Python', () => {
  expect(readPython('a = 1\nb = (2\n').faultLine).not.toBeNull()
  expect(readPython('def f(:\n  pass\n').faultLine).toBe(1)
  expect(readPython('print "old"\n').faultLine).toBe(1)
})

it('adds up a duration', () => {
  const minutes = (text: string) => durationMinutes(callOf(`f(${text})`, 'f')?.positional[0])
  expect(minutes('timedelta(hours=1, minutes=30)')).toBe(90)
  expect(minutes('timedelta(1)')).toBe(1_440)
  expect(minutes('timedelta(hours=n)')).toBeNull()
  expect(minutes('60')).toBeNull()
})
