import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { basic, testPassword } from '../testing/auth-proxy.ts'
import { openSite } from '../testing/open-site.ts'
import type { Browser } from '../testing/open-site.ts'
import { setUser } from '../identity/stored-users.ts'

async function submit(browser: Browser, path: string, form: Record<string, string>): Promise<Response> {
  const csrf = browser.cookies.get('mlflow-request-header-X-Soen-Csrf') ?? ''
  return await browser.submit(path, { csrf, ...form })
}

describe('my account', () => {
  it('makes a token and shows it once, in lines that work as they are', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    const made = await (await submit(browser, '/_soen/account/tokens', { name: 'laptop', days: '7' })).text()
    const token = /soen_\w+/.exec(made)?.[0] ?? ''
    expect(made).toContain(`mlflow_tracking_uri: ${site.url}\n  mlflow_password: ${token}</pre>`)
    expect(made).toContain(`export MLFLOW_TRACKING_TOKEN=${token}</pre>`)
    const who = await site.api('', 'GET', '/me', undefined, `Bearer ${token}`)
    expect(await who.json()).toMatchObject({ name: 'bob' })
    // What a client sends that has nothing but the first block.
    const asPassword = await site.api('', 'GET', '/me', undefined, basic('', token))
    expect(await asPassword.json()).toMatchObject({ name: 'bob' })

    const later = await (await browser.get('/_soen/account')).text()
    expect(later).not.toContain(token)
    expect(later).toContain('>laptop</th>')
    const id = token.split('_')[1] ?? ''
    expect((await submit(browser, '/_soen/account/tokens/revoke', { id })).status).toBe(303)
    expect((await site.api('', 'GET', '/me', undefined, `Bearer ${token}`)).status).toBe(401)
  })

  it('says in words what a form got wrong', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    const answer = await submit(browser, '/_soen/account/tokens', { name: 'x', days: '9999' })
    expect(answer.status).toBe(400)
    const page = await answer.text()
    expect(page).toMatch(/role="alert">A token cannot expire after 9999 days/)
    // What was typed stays.
    expect(page).toMatch(/name="name"[^>]*value="x"/)
    expect(page).toMatch(/name="days"[^>]*value="9999"/)
  })

  it('shows what others called themselves as text', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    const evil = '<script>alert(1)</script>'
    const page = await (await submit(browser, '/_soen/account/tokens', { name: evil, days: '1' })).text()
    expect(page).not.toContain(evil)
    expect(page).toContain('&lt;script&gt;alert(1)')
  })

  it('runs no script but its own, which the policy knows by its hash', async () => {
    await using site = await openSite()
    const answer = await (await site.signedIn('bob')).get('/_soen/account')
    const script = /<script>(?<text>[\s\S]*)<\/script>/.exec(await answer.text())?.groups?.['text'] ?? ''
    const hash = createHash('sha256').update(script).digest('base64')
    const policy = answer.headers.get('content-security-policy')?.split('; ')
    expect(policy?.filter((one) => /^(?:default|script)-src/.test(one))).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${hash}'`,
    ])
  })

  it('signs another browser of mine out, and none of somebody else', async () => {
    await using site = await openSite()
    const [mine, other, eves] = [
      await site.signedIn('bob'),
      await site.signedIn('bob'),
      await site.signedIn('ada'),
    ]
    const listed = async (name: string): Promise<{ id: string; owner: string }[]> => {
      const sessions: { id: string; owner: string }[] = JSON.parse(
        await (await site.api(name, 'GET', '/sessions')).text(),
      )
      return sessions
    }
    const [adas] = await listed('ada')
    await submit(mine, '/_soen/account/sessions/end', { id: adas?.id ?? '' })
    expect((await eves.get('/version')).status).toBe(200)
    const page = await (await mine.get('/_soen/account')).text()
    const current = /now, this one[\s\S]*?name="id" value="(?<id>\w+)"/.exec(page)?.groups?.['id']
    const another = (await listed('bob')).filter(({ id }) => id !== current)
    expect(another).toHaveLength(1)
    for (const { id } of another) await submit(mine, '/_soen/account/sessions/end', { id })
    expect([(await other.get('/version')).status, (await mine.get('/version')).status]).toEqual([303, 200])
  })

  it('changes my password for the current one, and signs all my browsers out', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    const path = '/_soen/account/password'
    const wrong = await submit(browser, path, { current: 'guess', password: 'a new password' })
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('is wrong')])
    await submit(browser, path, { current: testPassword, password: 'a new password' })
    expect((await browser.get('/version')).status).toBe(303)
    expect((await site.api('bob', 'GET', '/me')).status).toBe(401)
  })

  it('offers no tokens to a password that several people share', async () => {
    await using site = await openSite()
    await site.identity.store.change((db) => setUser(db, 'bob', { legacyUntil: '2999-01-01T00:00:00.000Z' }))
    const browser = await site.signedIn('bob')
    expect(await (await browser.get('/_soen/account')).text()).toContain('This password is shared')
    const made = await submit(browser, '/_soen/account/tokens', { name: 'x', days: '1' })
    expect(await made.text()).toContain('bob cannot have tokens')
  })
})

describe('users', () => {
  it('are made, changed and removed by an admin', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('ada')
    const eve = { name: 'eve', role: 'viewer', kind: 'person', password: 'her first password' }
    expect((await submit(browser, '/_soen/users/add', eve)).status).toBe(303)
    const again = await (await submit(browser, '/_soen/users/add', eve)).text()
    expect(again).toContain('There is already a user')
    const page = async (): Promise<string> =>
      (await (await browser.get('/_soen/users')).text())
        .replaceAll(/<td [^>]*>/g, '<td>')
        .replaceAll(/>\s+</g, '><')
    expect(await page()).toMatch(/eve<\/th><td>active<\/td><td>viewer/)
    await submit(browser, '/_soen/users/role', { name: 'eve', role: 'maintainer' })
    await submit(browser, '/_soen/users/password', { name: 'eve', password: 'another password' })
    expect((await site.api('eve', 'GET', '/me', undefined, basic('eve', 'another password'))).status).toBe(
      200,
    )
    expect((await submit(browser, '/_soen/users/role', { name: 'eve', role: 'root' })).status).toBe(400)
    await submit(browser, '/_soen/users/disable', { name: 'eve' })
    expect(await page()).toMatch(/eve<\/th><td>disabled<\/td><td>maintainer/)
    await submit(browser, '/_soen/users/enable', { name: 'eve' })
    await submit(browser, '/_soen/users/unlock', { name: 'eve' })
    expect(await page()).toMatch(/eve<\/th><td>active/)
    await submit(browser, '/_soen/users/remove', { name: 'eve' })
    expect(await page()).not.toContain('eve')
  })

  it('are nothing that a member sees or changes', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('bob')
    const shown = await browser.get('/_soen/users')
    expect([shown.status, await shown.text()]).toEqual([403, expect.stringContaining('Only an admin')])
    for (const deed of ['add', 'role', 'password', 'disable', 'enable', 'unlock', 'remove']) {
      const answer = await submit(browser, `/_soen/users/${deed}`, { name: 'ada', role: 'viewer' })
      expect([answer.status, await answer.text()]).toEqual([403, expect.not.stringContaining('ada')])
    }
    expect(await (await site.api('ada', 'GET', '/me')).json()).toMatchObject({ role: 'admin' })
  })

  it('always keep an admin: nobody takes their own rights', async () => {
    await using site = await openSite()
    const browser = await site.signedIn('ada')
    for (const deed of ['role', 'disable', 'remove']) {
      const answer = await submit(browser, `/_soen/users/${deed}`, { name: 'ada', role: 'viewer' })
      expect(await answer.text()).toContain('Admins do not change or remove their own account')
    }
  })
})
