/** A command about one pipeline: the active one unless it names another, with its result as words or as one line of JSON. */
import type { Command } from 'commander'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'

export interface PipelineFlags {
  readonly pipeline?: string
  readonly json?: boolean
}

/** `given`: the command's argument; empty where it has none. */
export type PipelineWork<F extends PipelineFlags> = (
  client: Client,
  pipeline: string,
  given: string,
  flags: F,
) => Promise<void>

/** Makes commands below `parent`. */
export const pipelineCommands =
  <F extends PipelineFlags>(parent: Command, deps: CliDeps) =>
  (words: string, text: string, work: PipelineWork<F>): Command =>
    parent
      .command(words)
      .description(text)
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'one line of JSON')
      .action((...args: unknown[]) => {
        const [given, flags] = typeof args[0] === 'string' ? [args[0], args[1]] : ['', args[0]]
        const chosen = flags as F
        return withSession(deps.open, async ({ client }) =>
          work(client, await pickPipeline(client, chosen.pipeline), given, chosen),
        )
      })
