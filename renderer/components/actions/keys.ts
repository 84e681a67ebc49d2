/** The keys of the page: which letter goes where, and when a key is a shortcut at all. */

/** After `g`. Pages that are not named here have no letter. */
export const pageLetters: Readonly<Record<string, string>> = {
  '/': 'o',
  '/setup': 'u',
  '/topics': 't',
  '/groups': 'g',
  '/cluster': 'c',
  '/streams': 's',
  '/trace': 'r',
  '/emulation': 'e',
  '/notebooks': 'n',
  '/databricks': 'b',
  '/jobs': 'j',
  '/airflow': 'f',
  '/answers': 'q',
  '/incidents': 'i',
  '/aws': 'w',
  '/services': 'v',
  '/doctor': 'd',
  '/activity': 'a',
  '/settings': ',',
}

/** How long `g` waits for its letter, ms. */
export const secondKeyWithin = 1_500

interface Press {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/** Ctrl-K, on a Mac ⌘K: works also while something is typed. */
export function opensPalette({ key, ctrlKey, metaKey, altKey }: Press): boolean {
  return key.toLowerCase() === 'k' && ctrlKey !== metaKey && !altKey
}

/** What the press adds to a shortcut; null where it belongs to the browser, the system or a field. */
export function shortcutKey(press: Press, target: EventTarget | null): string | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.key.length !== 1) return null
  if (!(target instanceof Element)) return press.key
  const typing = target.closest('input, textarea, select, [contenteditable], [role="menu"], dialog[open]')
  return typing === null ? press.key : null
}
