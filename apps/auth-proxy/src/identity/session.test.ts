import { describe, expect, it } from 'vitest'
import { csrfToken, isSameSecret, isSessionAlive, mintSession, sessionDigest } from './session.ts'

const hour = 3_600_000
const start = Date.parse('2026-06-01T00:00:00Z')
const at = (ms: number): string => new Date(start + ms).toISOString()
const origin = { owner: 'ada', address: '192.0.2.1', userAgent: 'Firefox' }

describe('mintSession', () => {
  it('gives the browser 256 bits and keeps a digest', () => {
    const { secret, stored } = mintSession(origin, new Date(start))
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    expect(stored).toMatchObject({ ...origin, sha256: sessionDigest(secret), createdAt: at(0) })
    expect(JSON.stringify(stored)).not.toContain(secret)
    expect(mintSession(origin, new Date(start)).secret).not.toBe(secret)
  })

  it('keeps no novel that a browser tells about itself', () => {
    const { stored } = mintSession({ ...origin, userAgent: 'x'.repeat(5000) }, new Date(start))
    expect(stored.userAgent).toHaveLength(200)
  })
})

describe('csrfToken', () => {
  it('belongs to one session, survives a cookie, and tells nothing that opens it', () => {
    const token = csrfToken('secret')
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(token).toBe(csrfToken('secret'))
    expect([csrfToken('other'), sessionDigest('secret')]).not.toContain(token)
  })

  it('is compared as a whole', () => {
    expect([isSameSecret('a', 'a'), isSameSecret('a', 'b'), isSameSecret('a', 'ab')]).toEqual([
      true,
      false,
      false,
    ])
  })
})

describe('isSessionAlive', () => {
  const { stored } = mintSession(origin, new Date(start))
  const isAlive = (seen: number, now: number): boolean => isSessionAlive(stored, at(seen), start + now)

  it('ends twelve hours after the last request', () => {
    expect([isAlive(0, 12 * hour - 1), isAlive(0, 12 * hour)]).toEqual([true, false])
    expect(isAlive(11 * hour, 12 * hour)).toBe(true)
  })

  it('ends after seven days, however busy', () => {
    const week = 7 * 24 * hour
    expect([isAlive(week - 1, week - 1), isAlive(week, week)]).toEqual([true, false])
  })

  it('ends rather than lasts longer when the clock is set back', () => {
    expect([isAlive(0, -hour / 12), isAlive(0, -hour)]).toEqual([true, false])
  })
})
