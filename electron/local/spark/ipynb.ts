/** From Databricks' source format to a Jupyter notebook (nbformat 4.5), which Databricks imports as well. */

const head = '# Databricks notebook source'

/** In Databricks' source format; other files of Python are none. */
export const isNotebook = (text: string): boolean => text.startsWith(head)
const border = /^# COMMAND -{10}$/m
const magic = '# MAGIC'

interface JupyterCell {
  readonly cell_type: 'markdown' | 'code'
  readonly id: string
  readonly metadata: object
  readonly source: readonly string[]
  readonly outputs?: readonly never[]
  readonly execution_count?: null
}

/** Lines with their ends, as the format wants them. */
const linesOf = (text: string): string[] => text.split(/(?<=\n)/)

function cellOf(text: string, nth: number): JupyterCell {
  const lines = text.split('\n')
  const marked = lines.some((line) => line.startsWith(magic))
  const bare = marked
    ? lines
        .filter((line) => line.startsWith(magic))
        .map((line) => line.slice(magic.length).replace(/^ /, ''))
        .join('\n')
    : text
  const common = { id: `cell-${nth}`, metadata: {} }
  if (bare.startsWith('%md'))
    return { cell_type: 'markdown', ...common, source: linesOf(bare.replace(/^%md\s*/, '')) }
  return { cell_type: 'code', ...common, source: linesOf(bare), outputs: [], execution_count: null }
}

/** Throws where the text is no notebook in Databricks' source format. */
export function toJupyter(source: string): string {
  if (!isNotebook(source)) throw new Error(`It must begin with: ${head}`)
  const cells = source
    .slice(head.length)
    .split(border)
    .map((text) => text.replace(/^\n+|\s+$/g, ''))
    .filter((text) => text !== '')
    .map(cellOf)
  const metadata = {
    kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
    language_info: { name: 'python' },
  }
  return `${JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`
}
