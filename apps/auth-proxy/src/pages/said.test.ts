import { expect, it } from 'vitest'
import { testPassword } from '../testing/auth-proxy.ts'
import { openSite } from '../testing/open-site.ts'
import type { Browser } from '../testing/open-site.ts'
import { plainFetch } from '../testing/plain-fetch.ts'

async function submit(browser: Browser, path: string, form: Record<string, string>): Promise<Response> {
  const csrf = browser.cookies.get('mlflow-request-header-X-Soen-Csrf') ?? ''
  return await browser.submit(path, { csrf, ...form })
}

/** The message on the page that a form led to. */
async function saidAfter(browser: Browser, answer: Response): Promise<string> {
  const page = await (await browser.get(answer.headers.get('location') ?? '')).text()
  return /<p class="notice"[^>]* role="status">(?<text>[^<]*)/.exec(page)?.groups?.['text'] ?? ''
}

it('says on the page that follows what a form did, and to whom', async () => {
  await using site = await openSite()
  const ada = await site.signedIn('ada')
  const said = async (path: string, form: Record<string, string>): Promise<string> =>
    await saidAfter(ada, await submit(ada, `/_soen/${path}`, form))
  const name = 'eve'
  const first = { name, role: 'viewer', kind: 'person', password: 'her first password' }
  expect(await said('users/add', first)).toBe('The account eve is made.')
  expect(await said('users/role', { name, role: 'member' })).toBe('The role of eve is changed.')
  expect(await said('users/password', { name, password: 'another password' })).toMatch(/^The password of eve/)
  expect(await said('users/disable', { name })).toBe('eve is disabled.')
  expect(await said('users/enable', { name })).toBe('eve is enabled.')
  expect(await said('users/unlock', { name })).toBe('eve may try passwords again.')
  expect(await said('users/remove', { name })).toBe('The account eve is removed.')
  const changed = { current: testPassword, password: 'a new password' }
  expect(await said('account/password', changed)).toMatch(/^Your password is changed/)
})

it('says nothing at the wish of a link on another site, and only words of its own', async () => {
  await using site = await openSite()
  const said = async (query: string, from: string): Promise<string> => {
    const headers = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': from }
    return await (await plainFetch(`${site.url}/_soen/sign-in?${query}`, { headers })).text()
  }
  expect(await said('done=signed-out', 'same-origin')).toContain('You are signed out.')
  for (const [query, from] of [
    ['done=signed-out', 'cross-site'],
    ['done=constructor', 'same-origin'],
    ['done=toString&name=x', 'none'],
  ] as const) {
    expect(await said(query, from)).not.toContain('role="status"')
  }
  expect(await said('done=removed&name=%3Cb%3E', 'none')).toContain('The account &lt;b&gt; is removed.')
})

it('keeps what was typed after an error, but no password', async () => {
  await using site = await openSite()
  const stranger = site.browser()
  const refused = await stranger.submit('/_soen/sign-in', { name: 'bob', password: 'a wrong guess' })
  const signIn = await refused.text()
  expect(signIn).toMatch(/name="name"[^>]*value="bob"/)
  expect(signIn).not.toContain('a wrong guess')

  const ada = await site.signedIn('ada')
  const typed = { name: 'Bob', role: 'maintainer', kind: 'service', password: 'her first password' }
  const users = await (await submit(ada, '/_soen/users/add', typed)).text()
  const form = users.slice(users.indexOf('<h2>New account</h2>'))
  expect(form).toMatch(/name="name"[^>]*value="Bob"/)
  expect(form).toMatch(/value="maintainer"\s+selected/)
  expect(form).toMatch(/value="service"\s+selected/)
  expect(form).not.toContain('her first password')

  const tooShort = await (await submit(ada, '/_soen/users/password', { name: 'bob', password: 'x' })).text()
  expect(tooShort).toMatch(/<details\s+open>\s*<summary aria-label="New password of bob">/)
})

it("says whose server it is, in the language of the reader's browser", async () => {
  await using site = await openSite({ teamName: 'Photonics & Co' })
  const headers = { accept: 'text/html', 'sec-fetch-site': 'same-origin' }
  const path = `${site.url}/_soen/sign-in`
  const asked = async (language: string): Promise<string> =>
    await (await plainFetch(path, { headers: { ...headers, 'accept-language': language } })).text()
  const [german, english] = [await asked('de-CH, en;q=0.5'), await asked('fr, en;q=0.5')]
  expect(german).toMatch(
    /<html lang="de">[\s\S]*<p class="team">Photonics &amp; Co<\/p>\s*<h1>Anmelden<\/h1>/,
  )
  expect(english).toMatch(
    /<html lang="en">[\s\S]*<p class="team">Photonics &amp; Co<\/p>\s*<h1>Sign in<\/h1>/,
  )
  const form = { ...headers, 'accept-language': 'de', 'content-type': 'application/x-www-form-urlencoded' }
  const refused = await plainFetch(path, { method: 'POST', headers: form, body: 'name=bob&password=x' })
  expect(await refused.text()).toContain('Der Benutzername oder das Passwort ist falsch.')
})
