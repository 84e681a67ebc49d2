/** Bodies that are almost right: for what must never be hurt by them. */

/** Cut, swapped, repeated and replaced bytes of a good body; the same ones each time. */
export function badBodies(good: string): Uint8Array<ArrayBuffer>[] {
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((seed / 2_147_483_648) * below)
  }
  const bytes = Uint8Array.from(Buffer.from(good))
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '\\',
    '\u0000',
    '\ud800',
    '1e999',
    '-',
    '__proto__',
    'null',
    '\ufeff',
    '\\u',
  ]
  const bodies: Uint8Array<ArrayBuffer>[] = []
  for (let n = 0; n < good.length; n += 2) bodies.push(bytes.slice(0, n))
  for (let n = 0; n < 250; n++) {
    const at = random(bytes.length)
    const piece = Buffer.from(pieces[random(pieces.length)] ?? '')
    const cut = random(3)
    bodies.push(Uint8Array.from([...bytes.slice(0, at), ...piece, ...bytes.slice(at + cut)]))
    const flipped = Uint8Array.from(bytes)
    flipped[at] = random(256)
    bodies.push(flipped)
  }
  return bodies
}
