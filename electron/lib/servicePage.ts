/** Which addresses may be opened in the system browser, of those that a service names. */

/** A web address, and no plain http except on this computer; of one origin where one is given. Null for anything else. */
export function servicePage(text: string, origin?: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || url.username !== '' || url.password !== '') return null
  const local = url.protocol === 'http:' && /^(?:localhost|127\.0\.0\.1)$/.test(url.hostname)
  if (url.protocol !== 'https:' && !local) return null
  return origin === undefined || url.origin === origin ? url.href : null
}
