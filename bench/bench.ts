/** What a bench is, and the few tools every bench uses: rounds in turn, medians, and rows that know their ratio. */

export interface Bench {
  /** As it is named on the command line: the file's name. */
  readonly name: string
  readonly title: string
  run(context: Context): Promise<readonly Row[]>
}

export interface Context {
  /** Rounds to take each figure in: at least five, fewer where it has to be quick. */
  readonly rounds: number
  /** `--quick`: fewer rounds and smaller amounts; the output is marked so. */
  readonly quick: boolean
  /** `--long`: also what takes half an hour. */
  readonly long: boolean
  /** Says what is going on, on standard error. */
  say(line: string): void
}

/** What is to be reached: by the ratio where there is a peer, else by our own median. */
export type Target = { readonly atLeast: number } | { readonly atMost: number }

export interface Row {
  readonly what: string
  /** Of `ours` and `peer`: `records/s`, `ms`, `MiB` … */
  readonly unit: string
  /** One value a round. */
  readonly ours: readonly number[]
  readonly peer: { readonly name: string; readonly values: readonly number[] } | null
  /** Median of ours to median of the peer; null without a peer. */
  readonly ratio: number | null
  /** Null where the figure is only told. */
  readonly target: Target | null
  readonly reached: boolean | null
  readonly notes: readonly string[]
}

/** A row of the table, with its ratio and whether the target is reached. */
export function row(input: {
  readonly what: string
  readonly unit: string
  readonly ours: readonly number[]
  readonly peer?: Row['peer']
  readonly target?: Target | null
  readonly notes?: readonly string[]
}): Row {
  const { what, unit, ours, peer = null, target = null, notes = [] } = input
  const ratio = peer && median(ours) / median(peer.values)
  const value = ratio ?? median(ours)
  const reached = target && ('atLeast' in target ? value >= target.atLeast : value <= target.atMost)
  return { what, unit, ours, peer, ratio, target, reached, notes }
}

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
}

/**
 * Takes one value of each case in turn, `rounds` times, so that a busy moment of the machine meets each of them alike;
 * the order turns round each time, so that none always comes after the same other.
 */
export async function inTurn<Name extends string>(
  rounds: number,
  cases: Readonly<Record<Name, () => Promise<number>>>,
  say: Context['say'] = () => undefined,
): Promise<Readonly<Record<Name, number[]>>> {
  const names = Object.keys(cases) as Name[]
  const taken = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const value = await cases[name]()
      taken[name].push(value)
      say(`round ${round + 1} of ${rounds}: ${name} ${Number(value.toPrecision(5))}`)
    }
  }
  return taken
}
