/** What goes wrong with a MySQL server, as a sentence and the next step. */
import { AppError } from '../../shared/errors.ts'

interface Where {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
}

/** The AppError for what mysql2 threw; the password is in none of its texts. */
export function mysqlError(thrown: unknown, where: Where): AppError {
  const { code = '', message = String(thrown) } = thrown as { code?: string; message?: string }
  const address = `${where.host}:${where.port}`
  if (['ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)) {
    return new AppError(
      {
        code: 'MYSQL_UNREACHABLE',
        message: `The database cannot be reached (${code}) at ${address}`,
        hint: 'Check host, port and security group, or use the built-in dataset: the course’s shared database is gone.',
        field: 'options.source.host',
      },
      thrown,
    )
  }
  if (code === 'ER_ACCESS_DENIED_ERROR' || code === 'ER_DBACCESS_DENIED_ERROR') {
    return new AppError(
      {
        code: 'MYSQL_ACCESS_DENIED',
        message: `The database did not let ${where.user} in at ${address}`,
        hint: 'Check user and password, and that this user may read the database.',
        field: 'password',
      },
      thrown,
    )
  }
  if (code === 'ER_BAD_DB_ERROR') {
    return new AppError(
      {
        code: 'MYSQL_DATABASE_MISSING',
        message: `The server at ${address} has no database ${where.database}`,
        hint: 'Check the name; the course’s database is called pinterest_data.',
        field: 'options.source.database',
      },
      thrown,
    )
  }
  if (/HANDSHAKE_SSL|HANDSHAKE_NO_SSL|CERT|SELF_SIGNED|UNABLE_TO/.test(code)) {
    return new AppError(
      {
        code: 'MYSQL_TLS_FAILED',
        message: `No trusted TLS connection (${code}) to ${address}`,
        hint: 'Name the CA file in the settings (for RDS: global-bundle.pem), or turn TLS off for this source.',
        field: 'options.source.tls',
      },
      thrown,
    )
  }
  return new AppError(
    {
      code: 'MYSQL_FAILED',
      message: `The database failed (${code || message}) at ${address}`,
      hint: 'Look at the server’s log; the run can be started again.',
    },
    thrown,
  )
}
