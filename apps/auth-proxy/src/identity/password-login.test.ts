import { describe, expect, it } from 'vitest'
import { Refusal } from '../errors/refusals.ts'
import { passwordLogin } from './password-login.ts'
import type { Account } from './user.ts'

type Typed = [user: string, password: string]
const account = (name: string, password: string): Account => ({
  name,
  role: 'member',
  kind: 'person',
  isDisabled: false,
  passwordHash: `hash of ${password}`,
})
const code = (name: string): object => expect.objectContaining({ code: name })

interface Setup {
  readonly users: Map<string, Account>
  readonly logIn: (...typed: Typed) => Promise<Account>
  /** Passwords that were hashed, in order. */
  readonly hashed: string[]
  /** The calls of the lockout. */
  readonly heard: string[]
  /** Lets pending hashes end; a password is right when the stored hash is `hash of PASSWORD`. */
  readonly release: () => void
}

async function setUp({ isHeld = false, isLocked = false } = {}): Promise<Setup> {
  const users = new Map([['ada', account('ada', 'secret')]])
  const gate = Promise.withResolvers<void>()
  if (!isHeld) gate.resolve()
  const [hashed, heard]: [string[], string[]] = [[], []]
  const logIn = await passwordLogin({
    directory: { find: (name) => users.get(name) },
    lockout: {
      check: () => {
        if (isLocked) throw new Refusal('SOEN_LOGIN_LOCKED')
      },
      failed: (user, network) => heard.push(`failed ${user} ${network}`),
      trusts: () => false,
      succeeded: (user, network) => heard.push(`succeeded ${user} ${network}`),
    },
    async verify(password, hash) {
      hashed.push(password)
      await gate.promise
      return hash === `hash of ${password}`
    },
    wallNow: () => Date.parse('2026-06-01T00:00:00Z'),
  })
  return {
    users,
    hashed,
    heard,
    release: gate.resolve,
    logIn: (user, password) =>
      logIn(
        {
          user,
          password,
        },
        '192.0.2.7',
      ),
  }
}

describe('passwordLogin', () => {
  it('says who sent the right password, in any case of the name', async () => {
    const { logIn } = await setUp()
    expect(await logIn('Ada', 'secret')).toMatchObject({ name: 'ada', role: 'member' })
  })

  it('hashes once, then remembers', async () => {
    const { logIn, hashed } = await setUp()
    for (let turn = 0; turn < 2; turn += 1) await logIn('ada', 'secret')
    expect(hashed).toEqual(['secret'])
  })

  it('remembers a wrong password too, and still counts it, until the account has another one', async () => {
    const { logIn, hashed, heard, users } = await setUp()
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(logIn('ada', 'guess')).rejects.toThrow(code('SOEN_LOGIN_WRONG'))
    }
    expect(hashed).toEqual(['guess'])
    expect(heard).toEqual(['failed ada 192.0.2.0/24', 'failed ada 192.0.2.0/24'])
    users.set('ada', account('ada', 'guess'))
    expect(await logIn('ada', 'guess')).toMatchObject({ name: 'ada' })
  })

  it('hashes for an unknown name too, so that the time tells nothing', async () => {
    const { logIn, hashed } = await setUp()
    await expect(logIn('eve', 'secret')).rejects.toThrow(code('SOEN_LOGIN_WRONG'))
    expect(hashed).toEqual(['secret'])
  })

  it('hashes for a name that nobody may have, and answers as to any other', async () => {
    const { logIn, hashed } = await setUp()
    await expect(logIn('x'.repeat(60_000), 'secret')).rejects.toThrow(code('SOEN_LOGIN_WRONG'))
    expect(hashed).toEqual(['secret'])
  })

  it('hashes once for equal credentials that arrive together', async () => {
    const { logIn, hashed, release } = await setUp({ isHeld: true })
    const logins = Array.from({ length: 50 }, () => logIn('ada', 'secret'))
    release()
    expect(await Promise.all(logins)).toHaveLength(50)
    expect(hashed).toHaveLength(1)
  })

  it('answers "busy" instead of queueing without end, and recovers', async () => {
    const { logIn, release } = await setUp({ isHeld: true })
    const guesses = Array.from({ length: 6 }, (_, guess) => logIn('ada', `guess ${guess}`))
    const settled = Promise.allSettled(guesses)
    await expect(logIn('ada', 'one more')).rejects.toThrow(code('SOEN_LOGIN_BUSY'))
    release()
    const codes = (await settled).map((result) => (result.status === 'rejected' ? result.reason.code : 'in'))
    expect(new Set(codes)).toEqual(new Set(['SOEN_LOGIN_WRONG']))
    expect(await logIn('ada', 'secret')).toMatchObject({ name: 'ada' })
  })

  it('forgets a remembered password at once when it is changed', async () => {
    const { logIn, users } = await setUp()
    await logIn('ada', 'secret')
    users.set('ada', account('ada', 'other'))
    await expect(logIn('ada', 'secret')).rejects.toThrow(code('SOEN_LOGIN_WRONG'))
  })

  it('gives a changed role at once', async () => {
    const { logIn, users } = await setUp()
    await logIn('ada', 'secret')
    users.set('ada', { ...account('ada', 'secret'), role: 'admin' })
    expect(await logIn('ada', 'secret')).toMatchObject({ role: 'admin' })
  })

  it('shuts out who is removed while their password is being hashed', async () => {
    const { logIn, users, release } = await setUp({ isHeld: true })
    users.set('bob', account('bob', 'other'))
    const login = logIn('ada', 'secret')
    users.delete('ada')
    release()
    await expect(login).rejects.toThrow(code('SOEN_LOGIN_WRONG'))
  })

  it('does not hash megabytes', async () => {
    const { logIn, hashed } = await setUp()
    const login = logIn('ada', 'x'.repeat(1025))
    await expect(login).rejects.toThrow(code('SOEN_LOGIN_WRONG'))
    expect(hashed).toEqual([])
  })

  it('refuses when the hash cannot be read, and never lets in', async () => {
    const users = new Map([['ada', { ...account('ada', ''), passwordHash: 'not a hash' }]])
    const lockout = { check: () => {}, failed: () => {}, succeeded: () => {}, trusts: () => false }
    const logIn = await passwordLogin({ directory: { find: (name) => users.get(name) }, lockout })
    await expect(logIn({ user: 'ada', password: 'secret' }, '')).rejects.toThrow('argon2id PHC string')
  })

  it('tells the lock-out what happened, and from which network', async () => {
    const { logIn, heard } = await setUp()
    await logIn('ada', 'guess').catch(() => {})
    await logIn('eve', 'secret').catch(() => {})
    await logIn('ada', 'secret')
    expect(heard).toEqual([
      'failed ada 192.0.2.0/24',
      'failed eve 192.0.2.0/24',
      'succeeded ada 192.0.2.0/24',
    ])
  })

  it('hashes nothing while the lock-out holds, not even the right password', async () => {
    const { logIn, hashed } = await setUp({ isLocked: true })
    await expect(logIn('ada', 'secret')).rejects.toThrow(code('SOEN_LOGIN_LOCKED'))
    expect(hashed).toEqual([])
  })

  it('lets nobody in without a password, as a service account is', async () => {
    const { logIn, users } = await setUp()
    users.set('ci', { name: 'ci', role: 'member', kind: 'service', isDisabled: false })
    for (const guess of ['secret', 'undefined', ' ']) {
      await expect(logIn('ci', guess)).rejects.toThrow(code('SOEN_LOGIN_WRONG'))
    }
  })

  it('shuts out who is disabled or whose shared password ended, and says so only to the right password', async () => {
    const { logIn, users } = await setUp()
    for (const end of [{ isDisabled: true }, { legacyUntil: '2026-05-31T23:59:59.999Z' }]) {
      users.set('ada', { ...account('ada', 'secret'), ...end })
      await expect(logIn('ada', 'secret')).rejects.toThrow(code('SOEN_LOGIN_ENDED'))
      await expect(logIn('ada', 'guess')).rejects.toThrow(code('SOEN_LOGIN_WRONG'))
    }
    users.set('ada', { ...account('ada', 'secret'), legacyUntil: '2026-06-01T00:00:00.001Z' })
    expect(await logIn('ada', 'secret')).toMatchObject({ name: 'ada' })
  })
})
