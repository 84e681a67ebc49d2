/** A support bundle as one text that a person can read through before they send it. */
import type { SupportFile } from './contract/app.ts'

export function bundleText(files: readonly SupportFile[]): string {
  const head =
    'Pipeline Control, support bundle. Read it before you send it: secrets and names were taken out.\n'
  return [head, ...files.map(({ name, text }) => `===== ${name} =====\n${text.trimEnd()}\n`)].join('\n')
}
