import { expect, it } from 'vitest'
import { valuesIn } from './valuesFile.ts'

async function read(text: string) {
  const found = []
  for await (const value of valuesIn(new File([text], 'values'))) found.push(value)
  return found
}

it('reads one value a line, whatever ends the line, and says which line it was', async () => {
  expect(await read('{"a":1}\r\n\n  \n{"b":"ü"}')).toEqual([
    { text: '{"a":1}', at: 1 },
    { text: '{"b":"ü"}', at: 4 },
  ])
  expect(await read('')).toEqual([])
})

it('reads lines that are longer than what the platform hands out at once', async () => {
  const long = 'x'.repeat(300_000)
  expect(await read(`${long}\n${long}`)).toEqual([
    { text: long, at: 1 },
    { text: long, at: 2 },
  ])
})

it('reads a JSON array, and refuses what only looks like one', async () => {
  expect(await read(' [{"a": 1}, "b", null]')).toEqual([
    { text: '{"a":1}', at: 1 },
    { text: '"b"', at: 2 },
    { text: 'null', at: 3 },
  ])
  await expect(read('[1, 2')).rejects.toThrow('The file is no JSON')
})
