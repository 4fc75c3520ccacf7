import { describe, expect, it } from 'vitest'
import { Refusal } from '../errors/refusals.ts'
import type { StoredSession } from './stored-sessions.ts'
import type { StoredToken } from './stored-tokens.ts'
import { buildAuthenticator } from './authenticator.ts'
import { LastUsed } from './last-used.ts'
import type { Authenticator } from './principal.ts'
import { csrfToken, mintSession } from './session.ts'
import { mintToken } from './token.ts'
import type { Account } from './user.ts'

const code = (name: string): object => expect.objectContaining({ code: name })
const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
const now = Date.parse('2026-06-01T00:00:00Z')
const at = (ms: number): string => new Date(now + ms).toISOString()

interface Setup {
  readonly authenticator: Authenticator
  readonly users: Map<string, Account>
  readonly tokens: Map<string, StoredToken>
  readonly token: string
  readonly secret: string
  readonly ended: string[]
  readonly session: StoredSession
  readonly typed: string[]
  readonly written: Map<string, string>[]
  readonly tokenUse: LastUsed
}

function setUp(): Setup {
  const ada: Account = { name: 'ada', role: 'admin', kind: 'person', isDisabled: false, passwordHash: 'x' }
  const users = new Map([['ada', ada]])
  const { text: token, id, sha256 } = mintToken()
  const tokens = new Map<string, StoredToken>([
    [id, { id, sha256, owner: 'ada', name: 'laptop', createdAt: at(-1), expiresAt: at(1) }],
  ])
  const origin = { owner: 'ada', address: '192.0.2.1', userAgent: 'Firefox' }
  const { secret, stored: session } = mintSession(origin, new Date(now))
  const [ended, typed]: [string[], string[]] = [[], []]
  const written: Map<string, string>[] = []
  const tokenUse = new LastUsed(async (usedAt) => void written.push(new Map(usedAt)))
  const authenticator = buildAuthenticator({
    directory: {
      find: (name) => users.get(name),
      findToken: (wanted) => tokens.get(wanted),
      findSession: (digest) => (digest === session.sha256 ? session : undefined),
      get isEmpty() {
        return users.size === 0
      },
      refresh: async () => {},
    },
    logIn: async ({ user, password }) => {
      typed.push(`${user}:${password}`)
      if (password !== 'secret') throw new Refusal('SOEN_LOGIN_WRONG')
      return ada
    },
    endSession: async (one) => ended.push(one),
    tokenUse,
    now: () => now,
  })
  return { authenticator, users, tokens, token, secret, session, ended, typed, written, tokenUse }
}

const from = (authorization?: string, cookie?: string): Parameters<Authenticator['authenticate']>[0] => ({
  authorization,
  cookie,
  address: '192.0.2.1',
})

describe('the ways in', () => {
  it('take name and password', async () => {
    const { authenticator } = setUp()
    expect(await authenticator.authenticate(from(basic('ada', 'secret')))).toEqual({
      name: 'ada',
      role: 'admin',
      isLegacy: false,
      credential: { kind: 'password' },
    })
  })

  it('take a password that several people share, and never as that of an admin', async () => {
    const { authenticator, users, token } = setUp()
    const [ada] = users.values()
    if (ada === undefined) throw new Error('There is no user.')
    users.set('ada', { ...ada, legacyUntil: at(1) })
    const shared = { isLegacy: true, role: 'maintainer' }
    expect(await authenticator.authenticate(from(`Bearer ${token}`))).toMatchObject(shared)
  })

  it.each([
    ['as Bearer', (token: string) => `Bearer ${token}`],
    ['as password of its owner', (token: string) => basic('ada', token)],
    ['as password of another name', (token: string) => basic('admin', token)],
    ['as password of nobody', (token: string) => basic('', token)],
    ['as password of a name that nobody has', (token: string) => basic('x', token)],
  ])('take a token %s', async (_case, header) => {
    const { authenticator, token, typed } = setUp()
    const principal = await authenticator.authenticate(from(header(token)))
    expect(principal).toMatchObject({ name: 'ada', credential: { kind: 'token', id: token.split('_')[1] } })
    expect(typed).toEqual([])
  })

  it('take the cookie of a browser', async () => {
    const { authenticator, secret, session } = setUp()
    const principal = await authenticator.authenticate(from(undefined, `soen=${secret}; mlflow_user=ada`))
    const credential = { kind: 'session', id: session.id, csrf: csrfToken(secret) }
    expect(principal).toMatchObject({ name: 'ada', credential })
  })

  it('go by what is said aloud when a cookie is there too', async () => {
    const { authenticator, secret } = setUp()
    const both = from(basic('ada', 'guess'), `soen=${secret}; mlflow_user=ada`)
    await expect(authenticator.authenticate(both)).rejects.toThrow(code('SOEN_LOGIN_WRONG'))
  })

  it.each([
    ['nothing at all', undefined, 'SOEN_LOGIN_MISSING'],
    ['a scheme nobody knows', 'Digest x', 'SOEN_LOGIN_MALFORMED'],
    ['Basic that cannot be read', 'Basic ?', 'SOEN_LOGIN_MALFORMED'],
    ['a password without a name', basic('', 'secret'), 'SOEN_LOGIN_MALFORMED'],
    ['a Bearer of somebody else', 'Bearer ghp_123', 'SOEN_TOKEN_MISTYPED'],
    ['a made-up token', `Bearer ${mintToken().text}`, 'SOEN_TOKEN_WRONG'],
    ['a token cut off', basic('ada', mintToken().text.slice(0, -1)), 'SOEN_TOKEN_MISTYPED'],
  ])('refuse %s', async (_case, header, name) => {
    const { authenticator, typed } = setUp()
    await expect(authenticator.authenticate(from(header))).rejects.toThrow(code(name))
    expect(typed).toEqual([])
  })

  it('say how the first admin is made while there is no user', async () => {
    const { authenticator, users } = setUp()
    users.clear()
    const attempt = authenticator.authenticate(from(basic('admin', 'password1234')))
    await expect(attempt).rejects.toThrow(code('SOEN_NO_USERS'))
  })
})

describe('a token', () => {
  it('opens nothing with another secret under the same id', async () => {
    const { authenticator, tokens, token } = setUp()
    for (const [id, one] of tokens) tokens.set(id, { ...one, sha256: mintToken().sha256 })
    await expect(authenticator.authenticate(from(`Bearer ${token}`))).rejects.toThrow(
      code('SOEN_TOKEN_WRONG'),
    )
  })

  it.each([
    ['is revoked', { revoke: true }, 'SOEN_TOKEN_WRONG'],
    ['has expired', { expiresAt: at(0) }, 'SOEN_TOKEN_EXPIRED'],
    ['lost its owner', { owner: 'eve' }, 'SOEN_TOKEN_WRONG'],
  ])('opens nothing once it %s', async (_case, change, name) => {
    const { authenticator, tokens, token } = setUp()
    for (const [id, one] of tokens) {
      if ('revoke' in change) tokens.delete(id)
      else tokens.set(id, { ...one, ...change })
    }
    await expect(authenticator.authenticate(from(`Bearer ${token}`))).rejects.toThrow(code(name))
  })

  it('opens nothing for an owner who is disabled', async () => {
    const { authenticator, users, token } = setUp()
    users.set('ada', { name: 'ada', role: 'admin', kind: 'person', isDisabled: true })
    await expect(authenticator.authenticate(from(`Bearer ${token}`))).rejects.toThrow(
      code('SOEN_LOGIN_ENDED'),
    )
  })

  it('is noted as used, once for many uses', async () => {
    const { authenticator, token, tokenUse, written } = setUp()
    for (let use = 0; use < 3; use += 1) await authenticator.authenticate(from(`Bearer ${token}`))
    await tokenUse.flush()
    await tokenUse.flush()
    expect(written).toEqual([new Map([[token.split('_')[1], at(0)]])])
  })
})

describe("MLflow's sign-out", () => {
  it('ends the session whose companion cookie it deleted', async () => {
    const { authenticator, secret, session, ended } = setUp()
    const attempt = authenticator.authenticate(from(undefined, `soen=${secret}`))
    await expect(attempt).rejects.toThrow(code('SOEN_SIGNED_OUT'))
    expect(ended).toEqual([session.id])
  })

  it('ends the session that comes with its junk user, which is no wrong password', async () => {
    const { authenticator, secret, session, ended, typed } = setUp()
    const junk = basic('mlflow-logged-out-1', 'mlflow-logged-out-1')
    const attempt = authenticator.authenticate(from(junk, `soen=${secret}; mlflow_user=ada`))
    await expect(attempt).rejects.toThrow(code('SOEN_SIGNED_OUT'))
    await expect(authenticator.authenticate(from(junk))).rejects.toThrow(code('SOEN_SIGNED_OUT'))
    expect([ended, typed]).toEqual([[session.id], []])
  })
})
