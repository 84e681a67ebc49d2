/** Who may use the web door: the token of the printed address, exchanged once for a cookie; our exact Host and Origin. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** 256 bits, as many as cannot be guessed. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Compares without telling by its duration how much of it was right. */
export function sameToken(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

const cookieName = 'pipeline-session'

export function cookieHeader(value: string): string {
  return `${cookieName}=${value}; HttpOnly; SameSite=Strict; Path=/`
}

function cookieOf(header: string | undefined): string | null {
  const pair = (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${cookieName}=`))
  return pair === undefined ? null : pair.slice(cookieName.length + 1)
}

export interface Guard {
  /** Why a request is refused, or null. `needs`: whether it must carry our cookie, and whether it must name our origin. */
  refusal(
    request: Pick<IncomingMessage, 'headers'>,
    needs: { readonly session: boolean; readonly origin: boolean },
  ): string | null
}

/** `hosts`: the exact values of the Host header that are ours (DNS rebinding brings any other). */
export function guard(hosts: readonly string[], session: string): Guard {
  const origins = hosts.map((host) => `http://${host}`)
  return {
    refusal({ headers }, needs) {
      if (!hosts.includes(headers.host ?? '')) return 'foreign Host'
      const { origin } = headers
      if (origin === undefined ? needs.origin : !origins.includes(origin)) return 'foreign Origin'
      if (needs.session && !sameToken(cookieOf(headers.cookie) ?? '', session)) return 'no session'
      return null
    },
  }
}
