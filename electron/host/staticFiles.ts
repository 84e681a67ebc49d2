/** The built page's files: which path is which file, and the security headers every answer carries. */
import { basename, extname, isAbsolute, join, relative, sep } from 'node:path'

/** Strict everywhere; the page has no inline script or style and talks only to where it came from (decision 17). */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/** Sent with every file and every answer of the web door. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), usb=()',
}

/** The document of the terminal, framed by the page. */
export const terminalPage = 'terminal.html'

/**
 * xterm writes styles at run time, so that this one document allows them (decision 17). It may connect to nothing and load no
 * picture: what a hostile host prints cannot leave it. Scripts are as strict as elsewhere.
 */
export const terminalPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
].join('; ')

/** Of the answer with this file. */
export function headersOf(file: StaticFile): Readonly<Record<string, string>> {
  if (basename(file.path) !== terminalPage) return securityHeaders
  return { ...securityHeaders, 'content-security-policy': terminalPolicy, 'x-frame-options': 'SAMEORIGIN' }
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
}

export interface StaticFile {
  readonly path: string
  readonly mediaType: string
  /** Built assets carry their hash in their name and may be kept for ever; the page itself never is. */
  readonly immutable: boolean
}

/**
 * The file below `root` for the path of a URL, or null where there is none: an escape by `..` or an encoded slash, a NUL,
 * a kind of file the page does not have, or text that is no valid encoding. Whether it exists is the caller's look.
 */
export function staticFile(root: string, urlPath: string): StaticFile | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null
  const path = join(root, decoded === '/' || decoded === '' ? 'index.html' : decoded)
  const inside = relative(root, path)
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return null
  const mediaType = mediaTypes[extname(path).toLowerCase()]
  if (mediaType === undefined) return null
  return { path, mediaType, immutable: inside.startsWith(`assets${sep}`) }
}
