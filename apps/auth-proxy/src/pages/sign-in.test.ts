import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { openSite } from '../testing/open-site.ts'
import { plainFetch } from '../testing/plain-fetch.ts'
import { testPassword } from '../testing/auth-proxy.ts'
import { listSessions } from '../identity/stored-sessions.ts'

const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address })
const sessionName = 'soen'
const createRun = '/ajax-api/2.0/mlflow/experiments/create'

describe('a browser that is not signed in', () => {
  it('is led to the sign-in page and back to where it wanted to go', async () => {
    await using site = await openSite()
    const browser = site.browser()
    const wanted = '/get-artifact?path=a.txt&run_uuid=x'
    const led = await browser.get(wanted)
    const there = `/_soen/sign-in?return=${encodeURIComponent(wanted)}`
    expect([led.status, led.headers.get('location')]).toEqual([303, there])
    expect(await (await browser.get(there)).text()).toContain('<form method="post">')
    const back = await browser.submit(there, { name: 'Ada', password: testPassword })
    expect([back.status, back.headers.get('location')]).toEqual([303, wanted])
  })

  it('is never asked by its own password box, which would remember the password', async () => {
    await using site = await openSite()
    const script = { 'sec-fetch-mode': 'cors', accept: '*/*' }
    const answer = await plainFetch(`${site.url}/ajax-api/2.0/mlflow/users/current`, { headers: script })
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, null])
    expect(await answer.json()).toMatchObject({ error_code: 'UNAUTHENTICATED' })
  })

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/%0d%0ax'])(
    'is not led to %s',
    async (place) => {
      await using site = await openSite()
      const form = { name: 'ada', password: testPassword }
      const path = `/_soen/sign-in?return=${encodeURIComponent(place)}`
      const { headers } = await site.browser().submit(path, form)
      expect(headers.get('location')).toBe(place.startsWith('/%') ? place : '/')
    },
  )

  it.each([
    ['a wrong password', { name: 'ada', password: 'guess' }],
    ['an unknown name', { name: 'eve', password: testPassword }],
    ['nothing', {}],
  ])('gets the form again, and no cookie, for %s', async (_case, form) => {
    await using site = await openSite()
    const browser = site.browser()
    const answer = await browser.submit('/_soen/sign-in', form)
    expect([answer.status, browser.cookies.size]).toEqual([401, 0])
    expect(answer.headers.get('www-authenticate')).toBeNull()
    expect(await answer.text()).toMatch(/role="alert">The user name or the password is wrong/)
  })
})

it('signs nobody in while the state cannot be written', async () => {
  await using site = await openSite()
  const { db } = site.identity.store
  await sql`PRAGMA query_only = ON`.execute(db)
  const answer = await site.browser().submit('/_soen/sign-in', { name: 'ada', password: testPassword })
  expect(answer.status).toBeGreaterThanOrEqual(500)
  expect(answer.headers.getSetCookie()).toEqual([])
  await sql`PRAGMA query_only = OFF`.execute(db)
})

describe('a program that is not signed in', () => {
  it('gets JSON, and the challenge that its library knows', async () => {
    await using site = await openSite()
    const answer = await plainFetch(`${site.url}/api/2.0/mlflow/experiments/search`)
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="SOEN MLflow", charset="UTF-8"',
    ])
    expect(await answer.json()).toMatchObject({ error_code: 'UNAUTHENTICATED' })
  })
})

describe('a browser that is signed in', () => {
  it('reaches MLflow by its cookie, which MLflow never sees', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    expect((await browser.get('/version')).status).toBe(200)
    expect(await (await browser.get('/_soen/whoami')).json()).toEqual({ user: 'bob', role: 'member' })
    expect(site.upstream.requests.map(({ headers }) => headers.cookie)).toEqual([undefined])
  })

  it('changes things with the token that only a page of this server can read', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    expect((await browser.send('POST', createRun, { name: 'x' })).status).toBe(200)
    expect(site.upstream.hits).toEqual([`POST ${createRun}`])
  })

  it.each([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 'SOEN_CROSS_SITE'],
    ['another name of the same domain', { 'sec-fetch-site': 'same-site' }, 'SOEN_CROSS_SITE'],
    ['this site without the token', {}, 'SOEN_CSRF_TOKEN'],
  ])('changes nothing at the request of %s', async (_case, headers, code) => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    const answer = await browser.submit(createRun, {}, { 'sec-fetch-mode': 'cors', ...headers })
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining(code)])
    expect(site.upstream.hits).toEqual([])
  })

  it('gets a new session each time it signs in, and the old one is over', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('ada')
    const before = browser.cookies.get(sessionName)
    await browser.submit('/_soen/sign-in', { name: 'bob', password: testPassword })
    expect(browser.cookies.get(sessionName)).not.toBe(before)
    expect(await listSessions(site.identity.store.db)).toMatchObject([{ owner: 'bob' }])
  })

  it('signs out: the cookie opens nothing afterwards, wherever it was copied to', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    const stolen = new Map(browser.cookies)
    const page = await (await browser.get('/_soen/account')).text()
    const csrf = /name="csrf" value="(?<token>[^"]+)"/.exec(page)?.groups?.['token'] ?? ''
    const left = await browser.submit('/_soen/sign-out', { csrf })
    expect([left.status, left.headers.get('location')]).toEqual([303, '/_soen/sign-in?done=signed-out'])
    expect([...browser.cookies]).toEqual([])
    for (const [name, value] of stolen) browser.cookies.set(name, value)
    expect((await browser.get('/version')).status).toBe(303)
  })

  it("is signed out by MLflow's own menu, which only deletes a cookie and asks who is there", async () => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    browser.cookies.delete('mlflow_user')
    expect((await browser.send('POST', '/ajax-api/2.0/mlflow/experiments/search')).status).toBe(401)
    expect(await listSessions(site.identity.store.db)).toEqual([])
  })

  it('is not signed out by another site', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    const elsewhere = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect((await browser.submit('/_soen/sign-out', {}, elsewhere)).status).toBe(403)
    expect((await browser.submit('/_soen/sign-out', {})).status).toBe(403)
    expect((await browser.get('/version')).status).toBe(200)
  })
})

describe('signing in', () => {
  it('cannot be done to somebody by a form of another site', async () => {
    await using site = await openSite()
    const form = { name: 'ada', password: testPassword }
    const elsewhere = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const browser = site.browser()
    expect((await browser.submit('/_soen/sign-in', form, elsewhere)).status).toBe(403)
    const silent = await plainFetch(`${site.url}/_soen/sign-in`, {
      method: 'POST',
      body: new URLSearchParams(form).toString(),
    })
    expect([silent.status, browser.cookies.size]).toEqual([403, 0])
  })

  it('by https, and from a page that came by https, gives a cookie that is bound to this host', async () => {
    await using site = await openSite({ isBehindTlsProxy: true })
    const form = { name: 'ada', password: testPassword }
    const tls = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.7' }
    expect((await site.browser().submit('/_soen/sign-in', form, tls)).status).toBe(403)
    const own = { ...tls, origin: site.url.replace('http:', 'https:') }
    const answer = await site.browser().submit('/_soen/sign-in', form, own)
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^__Host-soen=[\w-]{43}; HttpOnly; Path=\/; SameSite=Lax; Max-Age=604800; Secure$/,
    )
    expect(await listSessions(site.identity.store.db)).toMatchObject([{ address: '192.0.2.7' }])
  })

  it('is refused from a network that guesses, and still open from another one', async () => {
    await using site = await openSite({ isBehindTlsProxy: true })
    for (let guess = 0; guess < 10; guess += 1) {
      const form = { name: 'bob', password: `guess ${guess}` }
      expect((await site.browser().submit('/_soen/sign-in', form, from('192.0.2.7'))).status).toBe(401)
    }
    const right = { name: 'bob', password: testPassword }
    const locked = await site.browser().submit('/_soen/sign-in', right, from('192.0.2.8'))
    expect(await locked.text()).toContain('Too many wrong passwords')
    expect((await site.browser().submit('/_soen/sign-in', right, from('198.51.100.8'))).status).toBe(303)
  })
})
