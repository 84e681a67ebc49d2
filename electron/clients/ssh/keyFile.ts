/** A private key in a file: where it lies, who may read it, whether it is about to be published. */
import { existsSync } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { AppError, type ErrorDetail } from '../../../shared/errors.ts'
import { type Secret, secret } from '../../lib/secret.ts'
import { keyError } from './keyText.ts'

/** No private key comes near it. */
const largest = 64 * 1024

export interface KeyFile {
  readonly text: Secret
  readonly warnings: readonly ErrorDetail[]
}

/** `~/` at the beginning stands for the home folder. Throws AppError SSH_KEY_…. */
export async function readKeyFile(given: string): Promise<KeyFile> {
  const path = given.startsWith('~/') || given.startsWith('~\\') ? join(homedir(), given.slice(2)) : given
  const file = await open(path, 'r').catch((thrown: NodeJS.ErrnoException) => {
    throw unreadable(given, thrown)
  })
  try {
    const { size, mode } = await file.stat()
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw openToOthers(given, mode & 0o777)
    if (size > largest) throw keyError('notPrivate', given)
    const text = secret(
      await file.readFile('utf8').catch((thrown: NodeJS.ErrnoException) => {
        throw unreadable(given, thrown)
      }),
    )
    return { text, warnings: inWorkTree(await realpath(path)) ? [published(given)] : [] }
  } finally {
    await file.close()
  }
}

function inWorkTree(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return true
    if (dirname(folder) === folder) return false
  }
}

function openToOthers(path: string, mode: number): AppError {
  return new AppError({
    code: 'SSH_KEY_MODE',
    message: `Others may read the key (mode ${mode.toString(8).padStart(4, '0')}): ${path}`,
    hint: `Take that away: chmod 600 '${path.replaceAll("'", "'\\''")}'. ssh refuses it as it is (F-01).`,
    field: 'key',
  })
}

function unreadable(path: string, thrown: NodeJS.ErrnoException): AppError {
  if (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR') {
    return new AppError(
      {
        code: 'SSH_KEY_FILE_MISSING',
        message: `There is no such key file: ${path}`,
        hint: 'Choose the .pem file that was downloaded when the key pair was made.',
        field: 'key',
      },
      thrown,
    )
  }
  return new AppError(
    {
      code: 'SSH_KEY_FILE_UNREADABLE',
      message: `The key file cannot be read (${thrown.code ?? thrown.message}): ${path}`,
      hint: 'Choose a file, not a folder, that you yourself may read.',
      field: 'key',
    },
    thrown,
  )
}

function published(path: string): ErrorDetail {
  return {
    code: 'SSH_KEY_IN_GIT',
    message: `The key lies in a git work tree and could be published with it: ${path}`,
    hint: 'Move it to ~/.ssh. If it was ever committed, make a new key pair: history keeps the old one.',
    field: 'key',
  }
}
