/** One bench in a process of its own: a crash ends only it, and it starts with a heap nobody used before. */
import type { Bench, Context, Row } from '../bench.ts'

/** What is told to the process that started this one. */
export type Told =
  | { readonly type: 'title'; readonly title: string }
  | { readonly type: 'rows'; readonly rows: readonly Row[] }
  | { readonly type: 'problem'; readonly problem: string }

const [name = '', options = '{}'] = process.argv.slice(2)
const tell = (told: Told) => new Promise<void>((resolve) => process.send?.(told, () => resolve()))
const say = (line: string) => void process.stderr.write(`  ${line}\n`)
try {
  const { bench }: { readonly bench: Bench } = await import(new URL(`../${name}.ts`, import.meta.url).href)
  await tell({ type: 'title', title: bench.title })
  const context: Context = { ...(JSON.parse(options) as Omit<Context, 'say'>), say }
  await tell({ type: 'rows', rows: await bench.run(context) })
} catch (thrown) {
  await tell({
    type: 'problem',
    problem: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
  })
}
// A bench that left something open is at its end all the same.
process.exit()
