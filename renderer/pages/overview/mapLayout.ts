/** Where the wires of the map run: pure geometry between the boxes as they were laid out. */

export interface Rect {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface Wire {
  readonly path: string
  /** Where its rate is written; `anchor` as in SVG. */
  readonly label: { readonly x: number; readonly y: number; readonly anchor: 'start' | 'middle' }
}

/** Wires that leave one box side by side lie this far apart, px. */
const spread = 20
/** Between a wire and its text, px. */
const above = 7

const right = ({ left, width }: Rect) => left + width
const middle = ({ top, height }: Rect) => top + height / 2
const centre = ({ left, width }: Rect) => left + width / 2

/**
 * The wire from one box to another: out of the right side into the left side where the second lies to the right, else from
 * the bottom to the top. `index` of `count` wires that leave the same side.
 */
export function wire(from: Rect, to: Rect, index = 0, count = 1): Wire {
  const shift = (index - (count - 1) / 2) * spread
  if (to.left >= right(from)) return across(from, to, shift)
  return down(from, to)
}

function across(from: Rect, to: Rect, shift: number): Wire {
  const [x1, x2] = [right(from), to.left]
  const y1 = middle(from) + shift
  // Boxes that lie nearly level are joined by a straight line.
  const y2 = Math.abs(middle(to) - y1) < 16 ? y1 : middle(to)
  const half = (x1 + x2) / 2
  const path = y1 === y2 ? `M${x1} ${y1}H${x2}` : `M${x1} ${y1}C${half} ${y1} ${half} ${y2} ${x2} ${y2}`
  const y = y1 <= y2 && y1 !== y2 ? Math.max(y1, y2) + above + 9 : Math.min(y1, y2) - above
  return { path, label: { x: half, y, anchor: 'middle' } }
}

function down(from: Rect, to: Rect): Wire {
  const x = centre(from)
  const [y1, y2] = [from.top + from.height, to.top]
  const x2 = Math.abs(centre(to) - x) < 16 ? x : centre(to)
  const half = (y1 + y2) / 2
  const path = x === x2 ? `M${x} ${y1}V${y2}` : `M${x} ${y1}C${x} ${half} ${x2} ${half} ${x2} ${y2}`
  return { path, label: { x: x + above, y: half + 4, anchor: 'start' } }
}

/** Seconds in which the dashes of a wire move on by one: the busier the faster, between 0.35 and 1.6. */
export function flowSeconds(rate: number): number {
  return Math.max(0.35, 1.6 - 0.4 * Math.log10(Math.max(1, rate)))
}
