import { describe, expect, it } from 'vitest'
import { openSite } from '../testing/open-site.ts'
import { listLocks, setLock } from '../identity/stored-locks.ts'
import { basic, testPassword } from '../testing/auth-proxy.ts'

const codeOf = async (answer: Response): Promise<string> => {
  const { message }: { message: string } = JSON.parse(await answer.text())
  return /\((?<code>SOEN_\w+)\)$/.exec(message)?.groups?.['code'] ?? message
}
const json = async (answer: Promise<Response>): Promise<unknown> => (await answer).json()

describe('tokens by the API', () => {
  it('are made, listed and revoked', async () => {
    await using site = await openSite()
    const made: { id: string; token: string } = JSON.parse(
      await (await site.api('bob', 'POST', '/tokens', { name: 'cluster', days: 1 })).text(),
    )
    const bearer = `Bearer ${made.token}`
    expect(await json(site.api('', 'GET', '/me', undefined, bearer))).toMatchObject({ name: 'bob' })
    const listed = await (await site.api('bob', 'GET', '/tokens')).text()
    expect(JSON.parse(listed)).toMatchObject([
      { id: made.id, owner: 'bob', name: 'cluster', lastUsedAt: expect.any(String) },
    ])
    expect(listed).not.toContain(made.token.split('_')[2])
    expect(await json(site.api('ada', 'GET', '/tokens?owner=ada'))).toEqual([])
    expect(await json(site.api('ada', 'GET', '/tokens'))).toMatchObject([{ owner: 'bob' }])
    expect((await site.api('bob', 'DELETE', `/tokens/${made.id}`)).status).toBe(204)
    expect((await site.api('', 'GET', '/me', undefined, bearer)).status).toBe(401)
    expect(await codeOf(await site.api('bob', 'DELETE', `/tokens/${made.id}`))).toBe('SOEN_TOKEN_UNKNOWN')
  })

  it('are revoked as they were found, whole, and never repeated', async () => {
    await using site = await openSite()
    const made: { id: string; token: string } = JSON.parse(
      await (await site.api('bob', 'POST', '/tokens', { name: 'leaked' })).text(),
    )
    const [, , secret = ''] = made.token.split('_')
    const revoke = (text: string): Promise<Response> => site.api('bob', 'DELETE', `/tokens/${text}`)
    const unknown = [`soen_${'x'.repeat(12)}_${secret}`, secret, `${'x'.repeat(12)}_${secret}`]
    for (const text of unknown) {
      const answer = await (await revoke(text)).text()
      expect(answer).toContain('SOEN_TOKEN_UNKNOWN')
      expect(answer).not.toContain(secret)
    }
    const session = await (await site.api('bob', 'DELETE', `/sessions/${secret}`)).text()
    expect(session).toContain('SOEN_SESSION_UNKNOWN')
    expect(session).not.toContain(secret)

    expect((await revoke(made.token)).status).toBe(204)
    expect(await json(site.api('bob', 'GET', '/tokens'))).toEqual([])
    await site.audit.flush()
    const records = await (await site.api('ada', 'GET', '/audit')).text()
    expect(records).toContain(made.id)
    expect(records).not.toContain(secret)
  })

  it('do not make others and remove nobody: a stolen one must not outlive its end', async () => {
    await using site = await openSite()
    const made: { token: string } = JSON.parse(
      await (await site.api('ada', 'POST', '/tokens', { name: 'x' })).text(),
    )
    const by = `Bearer ${made.token}`
    const deeds: [string, string, unknown][] = [
      ['POST', '/tokens', { name: 'y' }],
      ['POST', '/users', { name: 'eve', password: 'a password' }],
      ['PATCH', '/users/bob', { role: 'admin' }],
      ['DELETE', '/users/bob', undefined],
      ['PUT', '/me/password', { current: testPassword, password: 'a new password' }],
    ]
    for (const [method, path, body] of deeds) {
      expect(await codeOf(await site.api('', method, path, body, by))).toBe('SOEN_TOKEN_NOT_ENOUGH')
    }
  })

  it('of an admin shut nobody else out and unlock nobody, but end what is their own', async () => {
    await using site = await openSite()
    const make = async (name: string): Promise<{ id: string; token: string }> =>
      JSON.parse(await (await site.api(name, 'POST', '/tokens', { name: 'x' })).text())
    const [mine, theirs] = [await make('ada'), await make('bob')]
    await site.signedIn('bob')
    const [{ id }]: [{ id: string }] = JSON.parse(
      await (await site.api('ada', 'GET', '/sessions?owner=bob')).text(),
    )
    const by = (method: string, path: string): Promise<Response> =>
      site.api('', method, path, undefined, `Bearer ${mine.token}`)
    for (const [method, path] of [
      ['DELETE', `/tokens/${theirs.id}`],
      ['DELETE', `/sessions/${id}`],
      ['POST', '/users/bob/unlock'],
    ] as const) {
      expect(await codeOf(await by(method, path))).toBe('SOEN_TOKEN_NOT_ENOUGH')
    }
    expect((await by('DELETE', `/tokens/${mine.id}`)).status).toBe(204)
    expect((await site.api('', 'GET', '/me', undefined, `Bearer ${theirs.token}`)).status).toBe(200)
    expect((await site.api('ada', 'DELETE', `/tokens/${theirs.id}`)).status).toBe(204)
  })

  it('of a program are made by an admin, and may last for ever', async () => {
    await using site = await openSite()
    await site.api('ada', 'POST', '/users', { name: 'ci', kind: 'service', role: 'member' })
    const order = { name: 'pipeline', owner: 'ci', days: 'never' }
    expect(await codeOf(await site.api('bob', 'POST', '/tokens', order))).toBe('SOEN_ADMIN_ONLY')
    const made: { token: string } = JSON.parse(await (await site.api('ada', 'POST', '/tokens', order)).text())
    expect(made).not.toHaveProperty('expiresAt')
    const who = site.api('', 'GET', '/me', undefined, `Bearer ${made.token}`)
    expect(await json(who)).toEqual({ name: 'ci', role: 'member', isLegacy: false })
  })
})

describe('sessions by the API', () => {
  it('are listed without what opens the door, and ended at once', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    const listed = await (await site.api('ada', 'GET', '/sessions?owner=bob')).text()
    const [{ id }]: [{ id: string }] = JSON.parse(listed)
    expect(listed).not.toContain(browser.cookies.get('soen'))
    expect(listed).not.toContain('sha256')
    expect((await site.api('ada', 'DELETE', `/sessions/${id}`)).status).toBe(204)
    expect(await codeOf(await site.api('ada', 'DELETE', `/sessions/${id}`))).toBe('SOEN_SESSION_UNKNOWN')
    expect((await browser.get('/_soen/account')).status).toBe(303)
  })
})

describe('accounts by the API', () => {
  it('are made and changed; what is not named stays', async () => {
    await using site = await openSite()
    const eve = { name: 'eve', role: 'viewer', kind: 'person', isDisabled: false }
    const form = { name: 'Eve', role: 'viewer', password: 'her password' }
    expect(await json(site.api('ada', 'POST', '/users', form))).toMatchObject(eve)
    expect(await codeOf(await site.api('ada', 'POST', '/users', { ...form, role: 'admin' }))).toBe(
      'SOEN_USER_EXISTS',
    )
    const changed = await json(site.api('ada', 'PATCH', '/users/eve', { isDisabled: true }))
    expect(changed).toMatchObject({ ...eve, isDisabled: true })
    expect(JSON.stringify(await json(site.api('ada', 'GET', '/users')))).not.toMatch(/argon2|hash/i)
    expect((await site.api('ada', 'POST', '/users/eve/unlock')).status).toBe(204)
    expect((await site.api('ada', 'DELETE', '/users/eve')).status).toBe(204)
    expect(await codeOf(await site.api('ada', 'DELETE', '/users/eve'))).toBe('SOEN_USER_UNKNOWN')
  })

  it('are let in again, and a network only when it is named', async () => {
    await using site = await openSite()
    const until = '2099-01-01T00:00:00.000Z'
    const { store } = site.identity
    for (const key of ['pair bob 192.0.2.0/24', 'user bob', 'user eve', 'network 192.0.2.0/24'])
      await store.change((db) => setLock(db, { key, strikes: 1, until }, ''))
    const left = async (): Promise<string[]> => (await listLocks(store.db)).map(({ key }) => key)
    await site.api('ada', 'POST', '/users/bob/unlock')
    expect(await left()).toEqual(['user eve', 'network 192.0.2.0/24'])
    await site.api('ada', 'POST', '/users/bob/unlock?network=192.0.2.0%2F24')
    expect(await left()).toEqual(['user eve'])
  })

  it('are unlocked with what was counted: the next typo is the first one again', async () => {
    await using site = await openSite()
    let turn = 0
    const guess = async (times: number): Promise<void> => {
      for (let left = times; left > 0; left -= 1) {
        const wrong = basic('bob', `guess ${(turn += 1)}`)
        expect(await codeOf(await site.api('', 'GET', '/me', undefined, wrong))).toBe('SOEN_LOGIN_WRONG')
      }
    }
    await guess(9)
    expect((await site.api('ada', 'POST', '/users/bob/unlock')).status).toBe(204)
    await guess(9)
    expect((await site.api('bob', 'GET', '/me')).status).toBe(200)
    expect(await codeOf(await site.api('ada', 'POST', '/users/bbo/unlock'))).toBe('SOEN_USER_UNKNOWN')
  })

  it('get one new password at a time, so that nobody else waits for hashes', async () => {
    await using site = await openSite()
    await site.api('bob', 'GET', '/me')
    const change = { current: testPassword, password: 'a new password' }
    const same = site.api('bob', 'PUT', '/me/password', { ...change, password: testPassword })
    expect(await codeOf(await same)).toBe('SOEN_PASSWORD_INVALID')
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => site.api('bob', 'PUT', '/me/password', change)),
    )
    const statuses = Object.groupBy(answers, ({ status }) => status)
    // Whatever comes later still sends the old password.
    const { 204: done = [], 503: busy = [], 401: late = [] } = statuses
    expect([done.length, busy.length + late.length]).toEqual([1, 59])
    const sets = await Promise.all(
      Array.from({ length: 10 }, () => site.api('ada', 'PATCH', '/users/bob', { password: 'set by ada' })),
    )
    expect(sets.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 503]))
  })

  it.each([
    ['made for a person without a password', 'POST', '', { name: 'eve' }, 'SOEN_API_BODY'],
    [
      'made for a program with one',
      'POST',
      '',
      { name: 'ci', kind: 'service', password: 'a password' },
      'SOEN_API_BODY',
    ],
    ['turned into a program', 'PATCH', '/bob', { kind: 'service' }, 'SOEN_API_BODY'],
    ['given a role that there is not', 'PATCH', '/bob', { role: 'root' }, 'SOEN_API_BODY'],
    ['given a key that there is not', 'PATCH', '/bob', { roll: 'admin' }, 'SOEN_API_BODY'],
    ['shared until no day', 'PATCH', '/bob', { legacyUntil: 'soon' }, 'SOEN_LEGACY_DATE_INVALID'],
    ['given a password that is too short', 'PATCH', '/bob', { password: 'short' }, 'SOEN_PASSWORD_INVALID'],
    ['changed where there is none', 'PATCH', '/eve', { role: 'viewer' }, 'SOEN_USER_UNKNOWN'],
    [
      'named what cannot be a name',
      'POST',
      '',
      { name: 'e ve', password: 'a password' },
      'SOEN_USER_NAME_INVALID',
    ],
    ['changed in their own rights', 'PATCH', '/ada', { role: 'viewer' }, 'SOEN_OWN_ACCOUNT'],
  ])('are not %s', async (_case, method, path, body, code) => {
    await using site = await openSite()
    const before = await json(site.api('ada', 'GET', '/users'))
    expect(await codeOf(await site.api('ada', method, `/users${path}`, body))).toBe(code)
    expect(await json(site.api('ada', 'GET', '/users'))).toEqual(before)
  })

  it('are nothing that a member may see or change', async () => {
    await using site = await openSite()
    const deeds: [string, string, unknown?][] = [
      ['GET', '/users'],
      ['POST', '/users', { name: 'eve', password: 'a password' }],
      ['PATCH', '/users/bob', { role: 'admin' }],
      ['DELETE', '/users/ada'],
      ['POST', '/users/ada/unlock'],
      ['GET', '/tokens?owner=ada'],
      ['GET', '/sessions?owner=ada'],
    ]
    for (const [method, path, body] of deeds) {
      expect(await codeOf(await site.api('bob', method, path, body))).toBe('SOEN_ADMIN_ONLY')
    }
  })

  it('never have a password repeated in an answer', async () => {
    await using site = await openSite()
    const answer = await site.api('ada', 'PATCH', '/users/bob', { password: ['s3cr3t words'] })
    expect([answer.status, await answer.text()]).toEqual([400, expect.not.stringContaining('s3cr3t')])
  })
})

describe('the API', () => {
  it('lets a browser change things only with its token', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    expect((await browser.send('POST', '/_soen/api/tokens', { name: 'x' })).status).toBe(200)
    browser.cookies.delete('mlflow-request-header-X-Soen-Csrf')
    const without = await browser.send('POST', '/_soen/api/tokens', { name: 'y' })
    expect(await codeOf(without)).toBe('SOEN_CSRF_TOKEN')
    expect((await browser.send('DELETE', '/_soen/api/sessions/x')).status).toBe(403)
  })

  it.each([
    ['no login', 'GET', '/me', undefined, 'Basic', 'SOEN_LOGIN_MALFORMED'],
    ['an unknown path', 'GET', '/nothing', undefined, undefined, 'SOEN_NOT_FOUND'],
    ['a path below a known one', 'GET', '/me/', undefined, undefined, 'SOEN_NOT_FOUND'],
    ['another method', 'PUT', '/me', {}, undefined, 'SOEN_METHOD_NOT_ALLOWED'],
    ['no body', 'POST', '/tokens', undefined, undefined, 'SOEN_BODY_TYPE'],
    ['a body of another kind', 'POST', '/tokens', [], undefined, 'SOEN_API_BODY'],
  ])('refuses %s', async (_case, method, path, body, authorization, code) => {
    await using site = await openSite()
    expect(await codeOf(await site.api('bob', method, path, body, authorization))).toBe(code)
    expect(site.upstream.hits).toEqual([])
  })
})
