/** Looks at a private key before it is used, and names what is wrong with it (F-01, F-02). */
import { createPrivateKey } from 'node:crypto'
import ssh2 from 'ssh2'
import { AppError, type ErrorDetail } from '../../../shared/errors.ts'
import { type Secret, secret } from '../../lib/secret.ts'

export interface CheckedKey {
  /** As ssh2 takes it. */
  readonly text: Secret
  /** `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256` … */
  readonly algorithm: string
  readonly encrypted: boolean
  /** What works here and is wrong all the same. */
  readonly warnings: readonly ErrorDetail[]
}

const begin = /-----BEGIN ([A-Z0-9 ]+)-----/
const publicKey =
  /^(?:ssh-|ecdsa-|sk-)[\w@.-]+\s+AAAA|-----BEGIN (?:RSA )?PUBLIC KEY-----|---- BEGIN SSH2 PUBLIC/

/** `name` says which key, for the texts: a file's path, or "the stored key". Throws AppError SSH_KEY_…; no text quotes the key. */
export function checkKey(given: Secret, passphrase: Secret | null, name: string): CheckedKey {
  const raw = given.reveal()
  const text = raw
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
    .trim()
  const warnings = raw.includes('\r') ? [windowsLines(name)] : []
  if (text === '') throw keyError('empty', name)
  if (text.startsWith('PuTTY-User-Key-File')) throw keyError('putty', name)
  if (publicKey.test(text)) throw keyError('public', name)
  const kind = begin.exec(text)?.[1]
  if (kind === undefined) throw keyError('noBegin', name)
  if (!kind.endsWith('PRIVATE KEY')) throw keyError('notPrivate', name)
  if (!text.includes(`-----END ${kind}-----`)) throw keyError('noEnd', name)
  if (!text.includes('\n')) throw keyError('oneLine', name)
  const form =
    kind === 'PRIVATE KEY' || kind === 'ENCRYPTED PRIVATE KEY' ? fromPkcs8(text, passphrase, name) : text
  const parsed = ssh2.utils.parseKey(form, passphrase?.reveal())
  if (parsed instanceof Error) throw unparsed(parsed.message, passphrase, name)
  return {
    text: secret(`${form}\n`),
    algorithm: parsed.type,
    encrypted: form === text && /ENCRYPTED|bcrypt/.test(`${text}${openSshHeader(text)}`),
    warnings,
  }
}

/** The beginning of OpenSSH's own format names the cipher and how the key for it is made. */
function openSshHeader(text: string): string {
  const body = text.split('\n').slice(1, 4).join('')
  return Buffer.from(body, 'base64').toString('latin1').slice(0, 64)
}

/** PKCS #8 is what `openssl genpkey` writes; ssh2 wants the older forms. */
function fromPkcs8(text: string, passphrase: Secret | null, name: string): string {
  try {
    const key = createPrivateKey({ key: text, ...(passphrase && { passphrase: passphrase.reveal() }) })
    if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'pem' }).toString().trim()
    if (key.asymmetricKeyType === 'ec') return key.export({ type: 'sec1', format: 'pem' }).toString().trim()
  } catch (thrown) {
    throw unparsed(thrown instanceof Error ? thrown.message : '', passphrase, name)
  }
  throw keyError('format', name)
}

function unparsed(reason: string, passphrase: Secret | null, name: string): AppError {
  if (
    /encrypted|passphrase required|interrupted or cancelled|password/i.test(reason) &&
    passphrase === null
  ) {
    return keyError('passphraseNeeded', name)
  }
  if (/decrypt|integrity|passphrase/i.test(reason)) {
    return keyError(passphrase === null ? 'passphraseNeeded' : 'passphraseWrong', name)
  }
  return keyError(/unsupported|not supported/i.test(reason) ? 'format' : 'damaged', name)
}

const table = {
  empty: (name: string): ErrorDetail => ({
    code: 'SSH_KEY_EMPTY',
    message: `The key is empty: ${name}`,
    hint: 'Choose the file that was downloaded when the key pair was made, or paste its whole text.',
  }),
  putty: (name: string): ErrorDetail => ({
    code: 'SSH_KEY_PUTTY',
    message: `This is a key of PuTTY (.ppk): ${name}`,
    hint: 'Convert it: puttygen key.ppk -O private-openssh -o key.pem, or in PuTTYgen Conversions → Export OpenSSH key.',
  }),
  public: (name: string): ErrorDetail => ({
    code: 'SSH_KEY_PUBLIC',
    message: `This is the public half of a key: ${name}`,
    hint: 'Choose the private half: the file without .pub, or the .pem file.',
  }),
  noBegin: (name: string): ErrorDetail => ({
    code: 'SSH_KEY_NO_BEGIN',
    message: `The key has no line that begins it (-----BEGIN … PRIVATE KEY-----): ${name}`,
    hint: 'Copy it once more with its first and last line; in Parameter Store both belong to the value (F-02).',
  }),
  noEnd: (name: string): ErrorDetail => ({
    code: 'SSH_KEY_NO_END',
    message: `The key has no line that ends it (-----END … PRIVATE KEY-----): ${name}`,
    hint: 'It was cut off. Copy it once more with its last line (F-02).',
  }),
  oneLine: (name: string): ErrorDetail => ({
    code: 'SSH_KEY_ONE_LINE',
    message: `The key has lost its line ends: ${name}`,
    hint: 'Copy it from the file itself: every line of the file must be a line here.',
  }),
  notPrivate: (name: string): ErrorDetail => ({
    code: 'SSH_KEY_NOT_PRIVATE',
    message: `This is no private key: ${name}`,
    hint: 'Choose the private key: its first line says BEGIN … PRIVATE KEY.',
  }),
  format: (name: string): ErrorDetail => ({
    code: 'SSH_KEY_FORMAT',
    message: `This form of key is not understood: ${name}`,
    hint: 'Write it in OpenSSH’s form (this changes the file): ssh-keygen -p -f <file>',
  }),
  damaged: (name: string): ErrorDetail => ({
    code: 'SSH_KEY_DAMAGED',
    message: `The key cannot be read; part of it is missing or changed: ${name}`,
    hint: 'Copy it once more from the file that was downloaded when the key pair was made.',
  }),
  passphraseNeeded: (name: string): ErrorDetail => ({
    code: 'SSH_KEY_PASSPHRASE_NEEDED',
    message: `The key is protected by a passphrase: ${name}`,
    hint: 'Enter the passphrase, or add the key to the agent (ssh-add) and use that.',
    field: 'passphrase',
  }),
  passphraseWrong: (name: string): ErrorDetail => ({
    code: 'SSH_KEY_PASSPHRASE_WRONG',
    message: `This is not the passphrase of the key: ${name}`,
    hint: 'Try again; mind upper and lower case and the keyboard’s layout.',
    field: 'passphrase',
  }),
} as const

export function keyError(which: keyof typeof table, name: string): AppError {
  return new AppError({ field: 'key', ...table[which](name) })
}

function windowsLines(name: string): ErrorDetail {
  return {
    code: 'SSH_KEY_CRLF',
    message: `The key has line ends of Windows, which ssh itself refuses: ${name}`,
    hint: 'It is used here as if they were mended. To mend the file: sed -i "s/\\r$//" <file> (F-02).',
    field: 'key',
  }
}
