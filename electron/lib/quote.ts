/** The one way a word gets into a shell's command. */

/**
 * A word that POSIX shells and bash take as it is, whatever stands in it. Throws RangeError where it holds a NUL byte, which
 * no command line can carry.
 */
export function quote(word: string): string {
  if (word.includes('\0')) throw new RangeError('A NUL byte cannot stand in a command.')
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** Several words with a space between each. */
export const quoteAll = (words: readonly string[]): string => words.map(quote).join(' ')
