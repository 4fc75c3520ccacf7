import { describe, expect, it } from 'vitest'
import type { Attempt } from './principal.ts'
import { mintSession } from './session.ts'
import { hasSignedOut, sessionLogin } from './session-login.ts'
import type { SessionLogin } from './session-login.ts'
import type { Account } from './user.ts'

const now = Date.parse('2026-06-01T00:00:00Z')
const origin = { owner: 'ada', address: '192.0.2.1', userAgent: 'Firefox' }
const { secret, stored } = mintSession(origin, new Date(now))
const ada: Account = { name: 'ada', role: 'member', kind: 'person', isDisabled: false }

interface Situation {
  readonly account?: Account | undefined
  readonly seenAt?: string
  readonly at?: number
}

function logIn(
  attempt: Omit<Attempt, 'address' | 'authorization'>,
  situation: Situation = {},
): SessionLogin | undefined {
  const directory = {
    find: () => ('account' in situation ? situation.account : ada),
    findSession: (digest: string) => (digest === stored.sha256 ? stored : undefined),
  }
  const options = { directory, lastSeen: () => situation.seenAt, now: situation.at ?? now }
  return sessionLogin({ authorization: undefined, address: '', ...attempt }, options)
}

const over = expect.objectContaining({ code: 'SOEN_SESSION_OVER' })

describe('sessionLogin', () => {
  it('knows the browser by its cookie, among others', () => {
    expect(logIn({ cookie: `a=1; soen=${secret}; b=2` })?.account).toBe(ada)
    expect(logIn({ cookie: `__Host-soen=${secret}`, isSecure: true })?.account).toBe(ada)
  })

  it.each([
    ['without a cookie', {}],
    ['with others only', { cookie: 'a=1; xsoen=2' }],
    [
      'by https with the cookie of plain http, which any page beside us could set',
      { cookie: `soen=${secret}`, isSecure: true },
    ],
    ['with two of them, one of which somebody else set', { cookie: `soen=${secret}; soen=x` }],
  ])('sees nobody %s', (_case, attempt) => {
    expect(logIn(attempt)).toBeUndefined()
  })

  it('refuses a cookie that nobody was given', () => {
    expect(() => logIn({ cookie: 'soen=made-up' })).toThrow(over)
    expect(() => logIn({ cookie: `soen=${stored.sha256}` })).toThrow(over)
  })

  it('refuses one whose user is gone or disabled', () => {
    for (const account of [undefined, { ...ada, isDisabled: true }]) {
      expect(() => logIn({ cookie: `soen=${secret}` }, { account })).toThrow(over)
    }
  })

  it('refuses one that was idle for too long, unless it was used here a moment ago', () => {
    const at = now + 13 * 3_600_000
    expect(() => logIn({ cookie: `soen=${secret}` }, { at })).toThrow(over)
    const seenAt = new Date(at - 1000).toISOString()
    expect(logIn({ cookie: `soen=${secret}` }, { at, seenAt })?.account).toBe(ada)
  })
})

describe('hasSignedOut', () => {
  it('is told by the cookie that MLflow deletes', () => {
    const attempt = { authorization: undefined, address: '' }
    expect(hasSignedOut({ ...attempt, cookie: 'soen=x' })).toBe(true)
    expect(hasSignedOut({ ...attempt, cookie: 'soen=x; mlflow_user=ada' })).toBe(false)
  })

  it('is not told by a second one, which a neighbouring host can set', () => {
    const cookie = 'mlflow_user=eve; soen=x; mlflow_user=ada'
    expect(hasSignedOut({ authorization: undefined, address: '', cookie })).toBe(false)
  })
})
