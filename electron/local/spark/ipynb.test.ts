import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isNotebook, toJupyter } from './ipynb.ts'

const folder = join(import.meta.dirname, '../../../notebooks')

it('markdown, code and magic become cells; comments before a cell’s magic go', () => {
  const source = [
    '# Databricks notebook source',
    '# MAGIC %md',
    '# MAGIC # A title',
    '# MAGIC',
    '# MAGIC text',
    '',
    '# COMMAND ----------',
    '',
    '# MAGIC %run ./clean',
    '',
    '# COMMAND ----------',
    '',
    'a = 1',
    '# COMMAND is only a word here',
    'b = 2',
    '',
  ].join('\n')
  const { cells } = JSON.parse(toJupyter(source))
  expect(cells.map((cell: { cell_type: string }) => cell.cell_type)).toEqual(['markdown', 'code', 'code'])
  expect(cells.map((cell: { source: string[] }) => cell.source.join(''))).toEqual([
    '# A title\n\ntext',
    '%run ./clean',
    'a = 1\n# COMMAND is only a word here\nb = 2',
  ])
  expect(new Set(cells.map((cell: { id: string }) => cell.id)).size).toBe(3)
})

it('every notebook of ours can be handed out so, with every line of its code', async () => {
  for (const name of await readdir(folder)) {
    const source = await readFile(join(folder, name), 'utf8')
    if (!isNotebook(source)) continue
    const { cells } = JSON.parse(toJupyter(source))
    const code = cells.flatMap((cell: { cell_type: string; source: string[] }) =>
      cell.source.join('').split('\n'),
    )
    const lines = source.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
    expect(code, name).toEqual(expect.arrayContaining(lines))
  }
})

it('refuses what is no notebook', () => {
  expect(() => toJupyter('print(1)')).toThrow(/Databricks notebook source/)
})
