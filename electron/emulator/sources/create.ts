/** The source of a run. To add one, see docs/add-a-source.md. */
import type { SourceOptions } from '../../../shared/emulation.ts'
import type { Network } from '../../lib/network.ts'
import type { Secret } from '../../lib/secret.ts'
import type { Source } from '../types.ts'
import { builtinSource } from './builtin.ts'
import { filesSource } from './files.ts'
import { mysqlSource } from './mysql.ts'

/** Opens it; throws AppError where it cannot be read. */
export async function createSource(
  options: SourceOptions,
  password: Secret,
  network: Network,
  signal: AbortSignal,
): Promise<Source> {
  if (options.kind === 'builtin') return builtinSource(options.seed)
  if (options.kind === 'files') return filesSource(options, signal)
  return mysqlSource(options, password, network, signal)
}
