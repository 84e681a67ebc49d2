/** Output of a host as lines that are safe to show: whatever it sends, they are short and hold no control characters. */
import { StringDecoder } from 'node:string_decoder'

/** Characters; more of one line is left out. */
const usualLongest = 16 * 1024

/** Terminal control sequences (ECMA-48: CSI, OSC and the short ones), then what is left of control characters but the tab. */
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[@-_]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

/** Text without control sequences and characters. */
export function plainText(text: string): string {
  return text.replace(controls, '')
}

export interface LineSplitter {
  push(chunk: Buffer): void
  /** Gives what has no line end yet. */
  end(): void
}

/** A carriage return alone ends a line too: progress bars rewrite theirs. */
export function lineSplitter(onLine: (line: string) => void, longest = usualLongest): LineSplitter {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const take = (text: string, last: boolean) => {
    const parts = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = (parts.pop() ?? '').slice(0, longest)
    for (const part of parts) onLine(plainText(part.slice(0, longest)))
    if (last && rest !== '') {
      onLine(plainText(rest))
      rest = ''
    }
  }
  return { push: (chunk) => take(decoder.write(chunk), false), end: () => take(decoder.end(), true) }
}
