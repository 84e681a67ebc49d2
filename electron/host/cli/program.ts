/** The command `pipeline`: its words, its exit codes, and how it tells a person what went wrong. */
import { ORPCError } from '@orpc/client'
import { Command, CommanderError } from 'commander'
import { toErrorDetail } from '../../../shared/errors.ts'
import { airflowCommands } from './airflow.ts'
import { answersCommands } from './answers.ts'
import { awsCommands } from './aws.ts'
import { clusterCommand } from './cluster.ts'
import { databricksCommands } from './databricks.ts'
import { doctorCommand } from './doctor.ts'
import { emulationCommands } from './emulation.ts'
import { groupsCommands } from './groups.ts'
import { hostCommands } from './hosts.ts'
import { incidentCommands } from './incidents.ts'
import { localCommands } from './local.ts'
import { machinesCommands } from './machines.ts'
import { mskCommands } from './msk.ts'
import { notebooksCommands } from './notebooks.ts'
import { parseCount } from './parse.ts'
import { secretsCommands } from './secrets.ts'
import { servicesCommands } from './services.ts'
import type { CliDeps, Terminal } from './session.ts'
import { setupCommands } from './setup.ts'
import { ExitWith, sshCommand } from './ssh.ts'
import { storeCommands } from './stores.ts'
import { streamsCommands } from './streams.ts'
import { supportCommand } from './support.ts'
import { topicsCommands } from './topics.ts'
import { traceCommand } from './trace.ts'

/** Documented in docs/cli.md. */
export const exitCodes = { done: 0, failed: 1, usage: 2, refused: 3, interrupted: 130 } as const

const byCode: Readonly<Record<string, number>> = {
  USAGE: exitCodes.usage,
  RATE_INVALID: exitCodes.usage,
  STEP_UNKNOWN: exitCodes.usage,
  BAD_REQUEST: exitCodes.usage,
  CONSENT_NEEDED: exitCodes.refused,
  CONSENT_REFUSED: exitCodes.refused,
  INTERRUPTED: exitCodes.interrupted,
}

/** What crossed the contract, or was thrown here, as one sentence and its fix. */
function explain(thrown: unknown): {
  code: string
  message: string
  hint: string
  field?: string | undefined
} {
  if (!(thrown instanceof ORPCError)) return toErrorDetail(thrown)
  if (thrown.code === 'BAD_REQUEST') return refusedInput(thrown)
  const data = thrown.data as { code?: string; hint?: string; field?: string } | undefined
  return {
    code: data?.code ?? thrown.code,
    message: thrown.message,
    hint: data?.hint ?? 'Check the words of the command.',
    field: data?.field,
  }
}

/** What the contract refused, in the words of its first issue. */
function refusedInput({ data, code }: { readonly data: unknown; readonly code: string }) {
  const issue = (data as { issues?: { message: string; path?: (string | number)[] }[] } | undefined)
    ?.issues?.[0]
  return {
    code,
    message: issue?.message ?? 'The input does not fit.',
    hint: 'Check the words of the command.',
    field: issue?.path?.join('.'),
  }
}

function report(terminal: Terminal, thrown: unknown): number {
  const { code, message, hint, field } = explain(thrown)
  terminal.note(`✗ ${message}${field ? ` (${field})` : ''}`)
  terminal.note(`  ${hint} [${code}]`)
  return byCode[code] ?? exitCodes.failed
}

function buildProgram(deps: CliDeps): Command {
  const program = new Command('pipeline')
    .description('Set up, run, watch and tear down the Pinterest data pipeline.')
    .version(deps.version)
    .exitOverride()
    // So that `pipeline ssh` hands on the options of the command it runs.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => deps.terminal.out(text.trimEnd()),
      writeErr: (text) => deps.terminal.note(text.trimEnd()),
    })
    .showSuggestionAfterError()
  localCommands(program, deps)
  emulationCommands(program, deps)
  topicsCommands(program, deps)
  groupsCommands(program, deps)
  clusterCommand(program, deps)
  streamsCommands(program, deps)
  traceCommand(program, deps)
  incidentCommands(program, deps)
  hostCommands(program, deps)
  setupCommands(program, deps)
  servicesCommands(program, deps)
  doctorCommand(program, deps)
  sshCommand(program, deps)
  supportCommand(program, deps)
  storeCommands(program, deps)
  secretsCommands(program, deps)
  awsCommands(program, deps)
  machinesCommands(program, deps)
  mskCommands(program, deps)
  notebooksCommands(program, deps)
  airflowCommands(program, deps)
  answersCommands(program, deps)
  databricksCommands(program, deps)
  program
    .command('serve')
    .description('serve the app on loopback and print its address')
    .option('--port <n>', '0 chooses one', parseCount('port'))
    .action((flags: { readonly port?: number }) => deps.serve({ port: flags.port ?? 0 }))
  return program
}

/** Runs one command line (without node and script) and answers the exit code; never throws. */
export async function runCli(args: readonly string[], deps: CliDeps): Promise<number> {
  try {
    await buildProgram(deps).parseAsync([...args], { from: 'user' })
    return exitCodes.done
  } catch (thrown) {
    if (thrown instanceof ExitWith) return thrown.code
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage
    return report(deps.terminal, thrown)
  }
}
