/** `with (A() as a, B() as b):` of Python 3.9, which the grammar does not know, as it does: of the same length, so that places stay. */

const head = /^[ \t]*(?:async[ \t]+)?with[ \t]*\(/gm
/** A string, a comment, a parenthesis, or anything else, one at a time. */
const piece =
  /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#[^\n]*|[([{]|[)\]}]|[\s\S]/g

export function plainWithHeads(text: string): string {
  let plain = text
  for (const { 0: found, index } of text.matchAll(head)) {
    const open = index + found.length - 1
    const close = closing(text, open)
    if (close === null || !/^\s*:/.test(text.slice(close + 1))) continue
    const inside = text.slice(open + 1, close)
    if (!/\sas\s/.test(inside)) continue
    const flat = inside
      .replace(/#[^\n]*/g, (comment) => ' '.repeat(comment.length))
      .replaceAll('\n', ' ')
      .replace(/,(\s*)$/, ' $1')
    plain = `${plain.slice(0, open)} ${flat} ${plain.slice(close + 1)}`
  }
  return plain
}

/** Where the parenthesis that opens there is closed; null where it is not. */
function closing(text: string, open: number): number | null {
  let depth = 0
  piece.lastIndex = open
  for (let match = piece.exec(text); match !== null; match = piece.exec(text)) {
    const [what] = match
    if (/^[([{]$/.test(what)) depth += 1
    if (/^[)\]}]$/.test(what)) depth -= 1
    if (depth === 0) return match.index
  }
  return null
}
