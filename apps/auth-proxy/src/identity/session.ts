import { createHash, createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { StoredSession } from './stored-sessions.ts'
import { randomBase62 } from './base62.ts'

const hour = 60 * 60_000
/** Without a request for so long a session ends. */
const sessionIdleMs = 12 * hour
/** However busy, a session ends after so long. */
export const sessionAbsoluteMs: number = 7 * 24 * hour
/** A clock that was set back further than this ends sessions and tokens instead of making them longer. */
export const toleratedClockStepMs: number = 5 * 60_000

/** A browser that signed in, before it gets its cookie. */
export interface SessionOrigin {
  readonly owner: string
  readonly address: string
  readonly userAgent: string
}

/** Draws a session: the secret goes to the browser, the rest is kept. */
export function mintSession(
  { owner, address, userAgent }: SessionOrigin,
  now: Date,
): { readonly secret: string; readonly stored: StoredSession } {
  const secret = randomBytes(32).toString('base64url')
  const time = now.toISOString()
  const expiresAt = new Date(now.getTime() + sessionAbsoluteMs).toISOString()
  const stored = {
    id: randomBase62(12),
    sha256: sessionDigest(secret),
    owner,
    address,
    userAgent: userAgent.slice(0, 200),
    createdAt: time,
    lastSeenAt: time,
    expiresAt,
  }
  return { secret, stored }
}

/** What is kept of the cookie's value. */
export function sessionDigest(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/** What our pages and MLflow's send with each change. Tells nothing about the secret that it is made from. */
export function csrfToken(secret: string): string {
  return createHmac('sha256', secret).update('soen csrf').digest('base64url')
}

/** Compares in constant time. */
export function isSameSecret(one: string, other: string): boolean {
  const [first, second] = [createHash('sha256').update(one), createHash('sha256').update(other)]
  return timingSafeEqual(first.digest(), second.digest())
}

/** Whether a session still counts; `lastSeenAt` may be newer than what is stored. */
export function isSessionAlive(
  { createdAt, expiresAt }: Pick<StoredSession, 'createdAt' | 'expiresAt'>,
  lastSeenAt: string,
  now: number,
): boolean {
  if (Date.parse(createdAt) - now > toleratedClockStepMs) return false
  return now < Date.parse(expiresAt) && now - Date.parse(lastSeenAt) < sessionIdleMs
}
