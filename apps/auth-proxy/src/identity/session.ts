import { createHash, createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { StoredSession } from './stored-sessions.ts'
import { randomBase62 } from './base62.ts'

const hour = 60 * 60_000
/** A session ends after so long without a request. */
const sessionIdleMs = 12 * hour
/** A session ends after so long, however busy it is. */
export const sessionAbsoluteMs: number = 7 * 24 * hour
/** When the clock was set back further than this, sessions and tokens end rather than last longer. */
export const toleratedClockStepMs: number = 5 * 60_000

/** What a session is created from. */
export interface SessionOrigin {
  readonly owner: string
  readonly address: string
  readonly userAgent: string
}

/** Creates a session: the secret goes to the browser, only its digest is stored. */
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

/** The stored digest of the cookie's value. */
export function sessionDigest(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/**
 * The value that our pages and MLflow's send with each change. Reveals nothing about the secret it is derived from.
 */
export function csrfToken(secret: string): string {
  return createHmac('sha256', secret).update('soen csrf').digest('base64url')
}

/** Compares in constant time. */
export function isSameSecret(one: string, other: string): boolean {
  const [first, second] = [createHash('sha256').update(one), createHash('sha256').update(other)]
  return timingSafeEqual(first.digest(), second.digest())
}

/** Whether a session is still valid; `lastSeenAt` may be newer than what is stored. */
export function isSessionAlive(
  { createdAt, expiresAt }: Pick<StoredSession, 'createdAt' | 'expiresAt'>,
  lastSeenAt: string,
  now: number,
): boolean {
  if (Date.parse(createdAt) - now > toleratedClockStepMs) return false
  return now < Date.parse(expiresAt) && now - Date.parse(lastSeenAt) < sessionIdleMs
}
