/** How numbers, sizes and tables look in the terminal. */

const grouped = new Intl.NumberFormat('en-US')

/** `12,345`; a dash where nothing is known. */
export function count(value: number | null): string {
  return value === null ? '–' : grouped.format(value)
}

/** `1.2 MB`, in powers of 1,000 as disks are sold. */
export function bytes(value: number | null): string {
  if (value === null) return '–'
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, value < 1_000 ? 0 : Math.floor(Math.log10(value) / 3))
  const scaled = value / 1_000 ** power
  return `${power === 0 ? scaled : scaled.toFixed(1)} ${units[power]}`
}

/** `4.1 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`
}

/** Local time of day, to the second. */
export function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8)
}

/** Columns aligned: numbers to the right, the rest to the left. Control characters are shown, never sent to the terminal. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows].map((row) => row.map(printable))
  const widths = head.map((_title, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const numeric = head.map(
    (_title, column) =>
      rows.length > 0 && rows.every((row) => /^[\d.,–-]+( [a-zA-Z]+)?$/.test(row[column] ?? '')),
  )
  return all.map((row) =>
    row
      .map((cell, column) =>
        numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

/** A record must not be able to move the cursor or colour the screen. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
