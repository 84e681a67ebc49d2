/**
 * The terminal's own document: xterm and nothing else. It writes styles at run time, which only this document's policy
 * allows (decision 17); it has no connection to the back end, and only the page around it can speak to it.
 */
import { FitAddon } from '@xterm/addon-fit'
import { type ITheme, Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import './frame.css'
import type { FromFrame, ToFrame } from '../../shared/terminal.ts'

const dark: ITheme = {
  background: '#131412',
  foreground: '#eceee8',
  cursor: '#86a6ff',
  selectionBackground: '#3d4f86',
}
const light: ITheme = {
  background: '#ffffff',
  foreground: '#1c1d1a',
  cursor: '#2f5bd8',
  selectionBackground: '#c9d6f8',
  // The usual bright colours of terminals cannot be read on white.
  yellow: '#8a5200',
  brightYellow: '#8a5200',
  green: '#187040',
  brightGreen: '#187040',
  cyan: '#0f6674',
  brightCyan: '#0f6674',
  white: '#5c5e57',
  brightWhite: '#1c1d1a',
}

const place = document.getElementById('terminal')
if (place === null) throw new Error('The document has no place for the terminal.')
const terminal = new Terminal({
  cursorBlink: false,
  fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
  fontSize: 13,
  scrollback: 10_000,
  screenReaderMode: true,
  allowProposedApi: false,
})
const fit = new FitAddon()
terminal.loadAddon(fit)
terminal.open(place)

const tell = (message: FromFrame) => window.parent.postMessage(message, window.location.origin)
const dress = (look: 'light' | 'dark') => {
  const theme = look === 'light' ? light : dark
  terminal.options.theme = theme
  document.body.style.setProperty('--terminal', theme.background ?? null)
}

window.addEventListener('message', ({ data, source, origin }: MessageEvent<ToFrame>) => {
  if (source !== window.parent || origin !== window.location.origin) return
  if (data.kind === 'write') terminal.write(data.bytes, () => tell({ kind: 'written' }))
  else if (data.kind === 'look') dress(data.look)
  else if (data.kind === 'reset') terminal.reset()
  else terminal.focus()
})
terminal.onData((text) => tell({ kind: 'typed', text }))
terminal.onResize(({ cols, rows }) => tell({ kind: 'size', columns: cols, rows }))
// Tab belongs to the shell; this way a keyboard gets out again.
terminal.attachCustomKeyEventHandler((event) => {
  if (event.type !== 'keydown' || event.key !== 'F6') return true
  event.preventDefault()
  tell({ kind: 'leave' })
  return false
})
new ResizeObserver(() => fit.fit()).observe(place)
void document.fonts.ready.then(() => {
  fit.fit()
  tell({ kind: 'ready', columns: terminal.cols, rows: terminal.rows })
})
