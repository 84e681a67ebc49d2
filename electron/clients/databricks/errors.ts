/** From what Databricks and the network say to errors a person can act on. */
import { AppError } from '../../../shared/errors.ts'
import { redact } from '../../lib/redact.ts'
import { neverSent } from '../neverSent.ts'

/** An error body is shown in part, characters. */
const shownBody = 400

interface Known {
  readonly code: string
  readonly message: string
  readonly hint: string
}

/** Of an answer: the status, and what the body says. */
export interface Refused {
  readonly status: number
  /** `RESOURCE_DOES_NOT_EXIST`; the status where the body names none. */
  readonly errorCode: string
  readonly said: string
}

const signIn: Known = {
  code: 'DATABRICKS_SIGN_IN_REFUSED',
  message: 'The workspace does not accept this sign-in',
  hint: 'Sign in again on the page Databricks: with a new token or secret, or in the browser. What was used may have ended, or belong to another workspace.',
}
const forbidden: Known = {
  code: 'DATABRICKS_FORBIDDEN',
  message: 'This may not be done by who is signed in',
  hint: 'Ask an admin of the workspace for the right that the message names, or sign in as somebody who has it.',
}
const missing: Known = {
  code: 'DATABRICKS_NOT_FOUND',
  message: 'The workspace has no such thing',
  hint: 'It may have been deleted or renamed there: look again, and apply the plan Databricks.',
}
const there: Known = {
  code: 'DATABRICKS_EXISTS',
  message: 'There is already something of this name',
  hint: 'Look again: it may be there by now. Else name it otherwise.',
}
const busy: Known = {
  code: 'DATABRICKS_BUSY',
  message: 'The workspace takes no more requests for now',
  hint: 'It was asked again several times. Wait a minute and try again.',
}
const quota: Known = {
  code: 'DATABRICKS_QUOTA',
  message: 'A quota of the workspace is used up',
  hint: 'The Free Edition gives compute back the next day; elsewhere end what else runs, or ask for a higher quota.',
}
const state: Known = {
  code: 'DATABRICKS_STATE',
  message: 'It is in a state in which this cannot be done',
  hint: 'Look at it again; wait until it is at rest.',
}

const byCode: Readonly<Record<string, Known>> = {
  UNAUTHENTICATED: signIn,
  PERMISSION_DENIED: forbidden,
  RESOURCE_DOES_NOT_EXIST: missing,
  NOT_FOUND: missing,
  METASTORE_DOES_NOT_EXIST: missing,
  CATALOG_DOES_NOT_EXIST: missing,
  SCHEMA_DOES_NOT_EXIST: missing,
  VOLUME_DOES_NOT_EXIST: missing,
  FEATURE_DISABLED: missing,
  RESOURCE_ALREADY_EXISTS: there,
  ALREADY_EXISTS: there,
  VOLUME_ALREADY_EXISTS: there,
  RESOURCE_LIMIT_EXCEEDED: quota,
  QUOTA_EXCEEDED: quota,
  INVALID_STATE: state,
  RESOURCE_CONFLICT: state,
  MAX_NOTEBOOK_SIZE_EXCEEDED: {
    code: 'DATABRICKS_TOO_LARGE',
    message: 'The workspace takes notebooks up to 10 MB',
    hint: 'Make it smaller.',
  },
}

const refusedRequest: Known = {
  code: 'DATABRICKS_REFUSED',
  message: 'The workspace did not accept the request',
  hint: 'What it says names what it missed.',
}

const failed: Known = {
  code: 'DATABRICKS_FAILED',
  message: 'The workspace failed',
  hint: 'It was asked again where that is safe. Try again later; status.databricks.com tells of failures.',
}

/** The token is no token of this workspace, or has ended. Old workspaces say so with 403 and a number for a code. */
export const isTokenRefused = ({ status, said }: Refused): boolean =>
  status === 401 || (status === 403 && /invalid (?:access )?token|token is expired/i.test(said))

const of = (refused: Refused): Known => {
  if (isTokenRefused(refused)) return signIn
  const { status, errorCode, said } = refused
  if (status === 429) return byCode[errorCode] === quota ? quota : busy
  // Jobs that are not there are answered as a bad parameter.
  if (/ does not exist/.test(said) && (status === 400 || status === 404)) return missing
  return (
    byCode[errorCode] ??
    (status === 403 ? forbidden : status === 404 ? missing : status >= 500 ? failed : refusedRequest)
  )
}

/** `doing`: what was asked, such as `POST /api/2.2/jobs/create`. `hidden` is taken out of what was said. */
export function refusalError(refused: Refused, doing: string, hidden: readonly string[]): AppError {
  const { code, message, hint } = of(refused)
  const said = redact(refused.said, hidden).slice(0, shownBody).trim()
  return new AppError({
    code,
    message: `${message} (${refused.status}${said === '' ? '' : `: ${said}`}): ${doing}`,
    hint,
  })
}

/** The code by which the network or TLS names its failure. */
export const failureCode = (thrown: unknown): string => {
  const { code, cause } = thrown as { code?: unknown; cause?: { code?: unknown } }
  return String(code ?? cause?.code ?? '')
}
export const wasNeverSent = (thrown: unknown): boolean => neverSent.has(failureCode(thrown))

/** The connection was given up here: the pipeline's workspace was changed meanwhile. */
export const wasClosedHere = (thrown: unknown): boolean =>
  /^UND_ERR_(?:DESTROYED|CLOSED)$/.test(failureCode(thrown))

/** Of a request that came to no answer. */
export function failureError(thrown: unknown, host: string): unknown {
  if (thrown instanceof AppError || (thrown as Partial<Error>).name === 'AbortError') return thrown
  const code = failureCode(thrown)
  if (wasClosedHere(thrown)) {
    return new AppError({
      code: 'DATABRICKS_CHANGED',
      message: `The connection to Databricks was changed meanwhile: ${host}`,
      hint: 'Try again: it goes on with the workspace that the settings name now.',
    })
  }
  if (code === 'ENOENT' || code === 'EACCES') {
    return new AppError({
      code: 'DATABRICKS_FILE_GONE',
      message: `A file of the lake can no longer be read (${code}): ${(thrown as { path?: string }).path ?? ''}`,
      hint: 'It was deleted meanwhile, as "Delete the data" does. Look again.',
    })
  }
  if (/CERT|TLS|SSL|SIGNATURE|ALTNAME/.test(code)) {
    return new AppError({
      code: 'DATABRICKS_UNTRUSTED',
      message: `The workspace's certificate is not trusted (${code}): ${host}`,
      hint: 'Where a proxy of your firm opens TLS, name its CA file in the settings.',
    })
  }
  if (neverSent.has(code)) {
    return new AppError({
      code: 'DATABRICKS_UNREACHABLE',
      message: `The workspace cannot be reached (${code}): ${host}`,
      hint: 'Check its address letter by letter, the network, and the proxy in the settings.',
      field: 'databricks.host',
    })
  }
  const why = code || (thrown instanceof Error ? thrown.message : String(thrown))
  return new AppError({
    code: 'DATABRICKS_SILENT',
    message: `The workspace gave no answer (${why}): ${host}`,
    hint: 'It may have done what was asked: look again before trying again.',
  })
}

/** Something answered that is no workspace's API: a sign-in page, another service. */
export const notAWorkspace = (host: string, what: string): AppError =>
  new AppError({
    code: 'DATABRICKS_NOT_A_WORKSPACE',
    message: `What answers there is no Databricks workspace (${what}): ${host}`,
    hint: 'Copy the address from the browser while the workspace is open: https://dbc-….cloud.databricks.com.',
    field: 'databricks.host',
  })
