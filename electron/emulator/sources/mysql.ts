/** The three tables of the original database as a source, read by key over one pool. */
import type { SourceOptions } from '../../../shared/emulation.ts'
import { type Kind, kinds } from '../../../shared/names.ts'
import { connectMysql, type MysqlClient, type TableReader } from '../../clients/mysql.ts'
import type { Network } from '../../lib/network.ts'
import type { Secret } from '../../lib/secret.ts'
import type { Source } from '../types.ts'
import { beyondSource } from './beyond.ts'

/** Table and key column of each kind; row n of each belongs to the same post. */
const tables: Readonly<Record<Kind, { readonly table: string; readonly key: string }>> = {
  pin: { table: 'pinterest_data', key: 'index' },
  geo: { table: 'geolocation_data', key: 'ind' },
  user: { table: 'user_data', key: 'ind' },
}

/** Throws AppError where the database cannot be reached or lacks a table. */
export async function mysqlSource(
  options: Extract<SourceOptions, { kind: 'mysql' }>,
  password: Secret,
  network: Network,
  signal: AbortSignal,
): Promise<Source> {
  const client = connectMysql({ ...options, password, ...(network.ca ? { ca: network.ca } : {}) })
  try {
    const readers = await openTables(client)
    signal.throwIfAborted()
    const sizes = kinds.map((kind) => readers[kind].size)
    const size = Math.min(...sizes)
    return {
      size,
      warnings: warningsOf(readers, sizes),
      read: async (index, readSignal) => {
        if (index >= size) throw beyondSource(index, size)
        const [pin, geo, user] = await Promise.all(kinds.map((kind) => readers[kind].read(index)))
        readSignal.throwIfAborted()
        if (!pin || !geo || !user) throw beyondSource(index, size)
        return { index, rows: { pin, geo, user } }
      },
      close: () => client.close(),
    }
  } catch (thrown) {
    await client.close()
    throw thrown
  }
}

async function openTables(client: MysqlClient): Promise<Record<Kind, TableReader>> {
  const [pin, geo, user] = await Promise.all([
    client.open(tables.pin.table, tables.pin.key),
    client.open(tables.geo.table, tables.geo.key),
    client.open(tables.user.table, tables.user.key),
  ])
  return { pin, geo, user }
}

function warningsOf(readers: Readonly<Record<Kind, TableReader>>, sizes: readonly number[]): string[] {
  const slow = kinds.filter((kind) => !readers[kind].keyed).map((kind) => tables[kind].table)
  const warnings: string[] = []
  if (new Set(sizes).size > 1) {
    warnings.push(`The tables have different numbers of rows (${sizes.join(', ')}); the smallest counts.`)
  }
  if (slow.length > 0) {
    warnings.push(`Rows are read by position, which is slow, because no key counts them: ${slow.join(', ')}.`)
  }
  return warnings
}
