/** How a host fetches and sums a file, as pure text. */
import { dirname } from 'node:path/posix'
import { quote } from '../../lib/quote.ts'

export type SumAlgorithm = 'sha256' | 'sha512'

/** Fetches a small text; fails where the host has no way to it within 20 s. */
export const textScript = (url: string): string => {
  const address = quote(url)
  return `if command -v curl >/dev/null; then curl -fsSL --connect-timeout 10 -m 20 ${address}; elif command -v wget >/dev/null; then wget -qO- -T 10 -t 1 ${address}; else exit 127; fi`
}

/**
 * Fetches a file, going on where an earlier try was cut, and prints `bytes=` once a second meanwhile. What it left belongs
 * to the caller's sum check.
 */
export const fetchScript = (url: string, file: string): string => {
  const [address, to] = [quote(url), quote(file)]
  return [
    `mkdir -p ${quote(dirname(file))}`,
    `if command -v curl >/dev/null; then curl -fsSL --connect-timeout 10 --speed-time 30 --speed-limit 1024 -C - -o ${to} ${address} &`,
    `elif command -v wget >/dev/null; then wget -q -c -T 30 -t 2 -O ${to} ${address} &`,
    'else exit 127; fi',
    'fetching=$!',
    `while kill -0 $fetching 2>/dev/null; do echo "bytes=$(stat -c %s ${to} 2>/dev/null || echo 0)"; sleep 1; done`,
    'wait $fetching',
  ].join('\n')
}

/** Prints the sum of a file; nothing where there is none. */
export const sumScript = (file: string, algorithm: SumAlgorithm): string =>
  `${algorithm}sum ${quote(file)} 2>/dev/null | cut -d' ' -f1`

/** Size, both times and inode: another one after whatever touched the file. */
const stamp = (file: string) => `stat -c '%s %Y %Z %i' ${quote(file)} 2>/dev/null`

/** Notes the SHA-256 of a large file beside it, once it is in its place. */
export const noteSumScript = (file: string, sha256: string): string =>
  `echo "${sha256} $(${stamp(file)})" > ${quote(`${file}.sum`)}`

/** As `sumScript`, and at once where the file was not touched since its sum was noted. */
export const notedSumScript = (file: string): string => {
  const note = quote(`${file}.sum`)
  return [
    `now=$(${stamp(file)}) || exit 0`,
    `if [ "$(cut -d' ' -f2- ${note} 2>/dev/null)" = "$now" ]; then cut -d' ' -f1 ${note}`,
    `else ${sumScript(file, 'sha256')}; fi`,
  ].join('\n')
}

/**
 * Succeeds where the archive is whole: gzip keeps a sum and the length of what it holds at its end; a jar, which is a zip,
 * begins with its magic and ends with the record of its directory, within 64 KiB of its end (a page of HTML has neither, F-07).
 */
export const wholeScript = (file: string): string =>
  file.endsWith('.jar')
    ? `[ "$(head -c 2 ${quote(file)} 2>/dev/null)" = PK ] && tail -c 65557 ${quote(file)} | LC_ALL=C grep -aq "$(printf 'PK\\005\\006')"`
    : `gzip -t ${quote(file)} 2>/dev/null`
