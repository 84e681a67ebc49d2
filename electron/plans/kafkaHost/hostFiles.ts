/** Small text files on the host that we write: read in one go, compared, replaced whole. */
import { dirname } from 'node:path/posix'
import type { RootShell } from '../../clients/ssh/sudo.ts'
import { quote, quoteAll } from '../../lib/quote.ts'
import type { Finding } from '../../plan/step.ts'

export interface HostFile {
  readonly path: string
  readonly text: string
  /** Permission bits; root owns it. */
  readonly mode: number
}

type Changes = NonNullable<Finding['changes']>

/** Prints a line a file: `+` and its content as base64, or `-` where there is none. */
export const readScript = (paths: readonly string[]): string =>
  `for file in ${quoteAll(paths)}; do if [ -f "$file" ]; then printf +; base64 -w0 "$file"; else printf -- -; fi; echo; done`

/** Writes the script's input aside and renames it, so that nobody ever reads half of it. */
export const writeScript = ({ path, mode }: Omit<HostFile, 'text'>): string => {
  const part = quote(`${path}.part`)
  return [
    'set -e',
    `mkdir -p ${quote(dirname(path))}`,
    `cat > ${part}`,
    `chmod ${mode.toString(8).padStart(4, '0')} ${part}`,
    `mv -f ${part} ${quote(path)}`,
  ].join('\n')
}

/** The text of each file; null where there is none. Throws AppError HOST_COMMAND_FAILED. */
export async function readFiles(
  root: RootShell,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<(string | null)[]> {
  const lines = (await root.must('Reading files', readScript(paths), { signal })).split('\n')
  return paths.map((_path, nth) => {
    const line = lines[nth] ?? '-'
    return line.startsWith('+') ? Buffer.from(line.slice(1), 'base64').toString('utf8') : null
  })
}

/** What writing them would change; empty where all are as they should be. */
export async function fileChanges(
  root: RootShell,
  files: readonly HostFile[],
  signal: AbortSignal,
): Promise<Changes> {
  const there = await readFiles(
    root,
    files.map(({ path }) => path),
    signal,
  )
  return files.flatMap(({ path, text }, nth) => {
    const before = there[nth] ?? null
    return before === text ? [] : [{ target: path, before: before ?? '', after: text }]
  })
}

/** Replaces those that differ; answers their paths. */
export async function writeFiles(
  root: RootShell,
  files: readonly HostFile[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const changed = (await fileChanges(root, files, signal)).map(({ target }) => target)
  for (const file of files)
    if (changed.includes(file.path))
      await root.must(`Writing ${file.path}`, writeScript(file), { stdin: file.text, signal })
  return changed
}
