/** MySQL and MariaDB: reads single rows of a table over one pool, values as the pipeline sends them. */
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise'
import { AppError } from '../../shared/errors.ts'
import type { Secret } from '../lib/secret.ts'
import { trustedAuthorities } from '../lib/trust.ts'
import { mysqlError } from './mysqlErrors.ts'

export interface MysqlAddress {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  readonly tls: 'off' | 'required'
  readonly password: Secret
  /** Additional certificate authorities, PEM. */
  readonly ca?: string
}

/** Columns in the table's order; datetimes as `YYYY-MM-DD HH:MM:SS`. */
export type MysqlRow = Readonly<Record<string, string | number | boolean | null>>

export interface TableReader {
  /** Rows of the table. */
  readonly size: number
  /** Whether a row is found by its key; otherwise the server walks to it. */
  readonly keyed: boolean
  /** Row `index`, from 0; null where there is none. Throws AppError. */
  read(index: number): Promise<MysqlRow | null>
}

export interface MysqlClient {
  /** Looks at a table; `key` is the column that numbers its rows from 0. Throws AppError. */
  open(table: string, key: string): Promise<TableReader>
  close(): Promise<void>
}

/** One pool for a whole run: the original opens an engine for each post and leaks it. */
const connections = 8
const connectMs = 10_000

export function connectMysql(address: MysqlAddress): MysqlClient {
  const { host, port, user, database, tls, password, ca } = address
  const pool = createPool({
    host,
    port,
    user,
    database,
    password: password.reveal(),
    ...(tls === 'required'
      ? { ssl: { minVersion: 'TLSv1.2', ...(ca ? { ca: trustedAuthorities(ca) } : {}) } }
      : {}),
    connectionLimit: connections,
    connectTimeout: connectMs,
    charset: 'utf8mb4',
    // A date must arrive as the text that goes out, untouched by any time zone (F-37).
    dateStrings: true,
    decimalNumbers: true,
    supportBigNumbers: true,
  })
  const query = async (sql: string, values: (string | number)[] = []): Promise<RowDataPacket[]> => {
    try {
      // As text, not prepared: only so does a FLOAT arrive with the six digits the original's driver sees.
      const [rows] = await pool.query<RowDataPacket[]>(sql, values)
      return rows
    } catch (thrown) {
      throw mysqlError(thrown, address)
    }
  }
  return {
    open: (table, key) => openTable(query, address, table, key),
    close: () => closePool(pool),
  }
}

type Query = (sql: string, values?: (string | number)[]) => Promise<RowDataPacket[]>

async function openTable(
  query: Query,
  address: MysqlAddress,
  table: string,
  key: string,
): Promise<TableReader> {
  const columns = await query(
    'SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
    [address.database, table],
  )
  if (columns.length === 0) throw tableMissing(address.database, table)
  const hasKey = columns.some(({ name }) => name === key)
  const range = hasKey
    ? `MIN(${quote(key)}) AS low, MAX(${quote(key)}) AS high, COUNT(DISTINCT ${quote(key)})`
    : '0'
  const [facts] = await query(`SELECT COUNT(*) AS size, ${range} AS different FROM ${quote(table)}`)
  const size = Number(facts?.size ?? 0)
  if (size === 0) throw tableEmpty(address.database, table)
  const keyed =
    hasKey &&
    Number(facts?.low) === 0 &&
    Number(facts?.high) === size - 1 &&
    Number(facts?.different) === size
  const byKey = `SELECT * FROM ${quote(table)} WHERE ${quote(key)} = ?`
  // The original's own way; ordered by the key where there is one, since a table has no order of its own.
  const byPosition = `SELECT * FROM ${quote(table)}${hasKey ? ` ORDER BY ${quote(key)}` : ''} LIMIT ?, 1`
  return {
    size,
    keyed,
    read: async (index) => {
      const [row] = await query(keyed ? byKey : byPosition, [index])
      return row ? plain(row) : null
    },
  }
}

function plain(row: RowDataPacket): MysqlRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]))
}

/** Whole seconds: a DATETIME(6) would otherwise carry a fraction that the original's text does not have. */
const moment = /^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})(\.\d+)?$/

function plainValue(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value === 'string') return moment.exec(value)?.[1] ?? value
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value)
}

const quote = (name: string) => `\`${name.replaceAll('`', '``')}\``

async function closePool(pool: Pool): Promise<void> {
  await pool.end().catch(() => undefined)
}

function tableMissing(database: string, table: string): AppError {
  return new AppError({
    code: 'MYSQL_TABLE_MISSING',
    message: `The database ${database} has no table ${table}`,
    hint: 'Load the SQL dump pinterest_data_db.sql into it, or choose another database.',
    field: 'options.source.database',
  })
}

function tableEmpty(database: string, table: string): AppError {
  return new AppError({
    code: 'MYSQL_TABLE_EMPTY',
    message: `The table has no rows: ${database}.${table}`,
    hint: 'Load the SQL dump pinterest_data_db.sql into it, or choose another database.',
    field: 'options.source.database',
  })
}
