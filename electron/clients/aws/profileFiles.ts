/** The profiles of `~/.aws`, as every tool of AWS reads them, and what in these files nobody understands. */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Problem } from '../../../shared/contract/base.ts'

/** Keys of one section. */
export type Section = Readonly<Record<string, string | undefined>>

export interface ProfileFiles {
  /** Both files merged; where both say something, the credentials file counts. */
  readonly profiles: Readonly<Record<string, Section>>
  readonly ssoSessions: Readonly<Record<string, Section>>
  readonly files: readonly { readonly path: string; readonly found: boolean }[]
  readonly problems: readonly Problem[]
}

const homeDir = () => process.env.HOME || process.env.USERPROFILE || homedir()

/** Absolute; the two variables are AWS's own. */
export function profilePaths(): { readonly config: string; readonly credentials: string } {
  const of = (variable: string | undefined, name: string) => {
    const path = variable || join('~', '.aws', name)
    return path.startsWith('~') ? join(homeDir(), path.slice(1)) : path
  }
  return {
    config: of(process.env.AWS_CONFIG_FILE, 'config'),
    credentials: of(process.env.AWS_SHARED_CREDENTIALS_FILE, 'credentials'),
  }
}

/** The profile that is meant where none is named. */
export const usualProfile = (): string => process.env.AWS_PROFILE || 'default'

/** Reads both files anew. Never rejects: what is wrong with them is in `problems`. */
export async function readProfileFiles(): Promise<ProfileFiles> {
  const { loadSharedConfigFiles, parseKnownFiles } = await import('@smithy/core/config')
  const { config, credentials } = profilePaths()
  const [configText, credentialsText] = await Promise.all([look(config), look(credentials)])
  const where = { configFilepath: config, filepath: credentials, ignoreCache: true }
  const { configFile } = await loadSharedConfigFiles(where)
  const merged = await parseKnownFiles(where)
  const prefix = 'sso-session.'
  const entries = Object.entries(merged)
  return {
    profiles: Object.fromEntries(entries.filter(([name]) => !/^(?:sso-session|services)\./.test(name))),
    ssoSessions: Object.fromEntries(
      Object.entries(configFile)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, section]) => [name.slice(prefix.length), section]),
    ),
    files: [
      { path: config, found: configText.found },
      { path: credentials, found: credentialsText.found },
    ],
    problems: [
      ...problemsOf(config, configText, 'config'),
      ...problemsOf(credentials, credentialsText, 'credentials'),
    ],
  }
}

interface Look {
  readonly found: boolean
  readonly text: string
  readonly failed: string | null
}

async function look(path: string): Promise<Look> {
  try {
    return { found: true, text: await readFile(path, 'utf8'), failed: null }
  } catch (thrown) {
    const { code = 'unreadable' } = thrown as NodeJS.ErrnoException
    return { found: code !== 'ENOENT', text: '', failed: code === 'ENOENT' ? null : code }
  }
}

function problemsOf(path: string, { text, failed }: Look, file: FileKind): Problem[] {
  if (failed !== null) {
    return [
      {
        code: 'AWS_FILE_UNREADABLE',
        message: `This file cannot be read (${failed}): ${path}`,
        hint: 'Give yourself the right to read it (chmod 600), or mend its path.',
      },
    ]
  }
  return strangeLines(text, file).map(({ line, why }) => ({
    code: 'AWS_FILE_LINE',
    message: `Line ${line} ${why}: ${path}`,
    hint: 'Mend it in an editor; the AWS tools pass over it without a word.',
  }))
}

type FileKind = 'config' | 'credentials'

/** Never quotes a line: it may hold a key. Lines count from 1. */
export function strangeLines(text: string, file: FileKind): { line: number; why: string }[] {
  let inSection = false
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const say = (why: string) => [{ line: index + 1, why }]
    const line = (raw.split(/(?:^|\s)[;#]/)[0] ?? '').trim()
    if (line === '') return []
    if (line.startsWith('[')) {
      inSection = true
      return line.endsWith(']')
        ? sectionFault(line.slice(1, -1).trim(), file).flatMap(say)
        : say('opens a section and does not close it with ]')
    }
    if (!inSection) return say('stands before the first section')
    // Nested values are indented below a name that ends with "=".
    return line.indexOf('=') > 0 ? [] : say('has no "name = value"')
  })
}

function sectionFault(name: string, file: FileKind): string[] {
  const profile = /^profile\s+(.*)$/.exec(name)?.[1]?.replace(/^(["'])(.*)\1$/, '$2')
  if (profile !== undefined) {
    if (file === 'credentials')
      return ['names a section "profile …", which only the config file does: drop the word']
    return /^[\w@+.%:/-]+$/.test(profile)
      ? []
      : ['names a profile with letters or spaces that the AWS SDKs do not take']
  }
  if (file === 'credentials' || name === 'default' || /^(?:sso-session|services)\s/.test(name)) return []
  return ['names a section without the word "profile"']
}
