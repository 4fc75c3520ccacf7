import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listUsers } from './identity/stored-users.ts'
import { listTokens } from './identity/stored-tokens.ts'
import { testPassword } from './testing/auth-proxy.ts'
import { hostileBrowsers, placesElsewhere } from './testing/hostile/browsers.ts'
import { openSite } from './testing/open-site.ts'
import type { Browser, OpenSite } from './testing/open-site.ts'
import { sendRaw } from './testing/raw-request.ts'

let site: OpenSite
let browser: Browser
let other: Browser
beforeAll(async () => {
  site = await openSite()
  browser = await site.signedIn('bob')
  other = await site.signedIn('ada')
})
afterAll(() => site[Symbol.asyncDispose]())

const csrfOf = ({ cookies }: Browser): string => cookies.get('mlflow-request-header-X-Soen-Csrf') ?? ''

describe('a browser that is signed in', () => {
  it('is made to change nothing, and nobody passes for it', async () => {
    const { host, port } = new URL(site.url)
    const session = browser.cookies.get('soen') ?? ''
    const victim = { host, session, csrf: csrfOf(browser), foreignCsrf: csrfOf(other) }
    const corpus = hostileBrowsers(victim)
    expect(corpus.length).toBeGreaterThanOrEqual(50)
    const before = await listUsers(site.identity.store.db)
    const answers: [string, number][] = []
    for (const { name, lines, body } of corpus) {
      answers.push([name, (await sendRaw(Number(port), lines, body)).status])
    }
    expect(answers).toEqual(corpus.map(({ name, status }) => [name, status]))
    expect(site.upstream.hits).toEqual([])
    expect(await listUsers(site.identity.store.db)).toEqual(before)
    expect(await listTokens(site.identity.store.db)).toEqual([])
    // Both are still signed in.
    expect((await browser.get('/_soen/account')).status).toBe(200)
    expect((await other.get('/_soen/account')).status).toBe(200)
  })
})

describe('who signs in', () => {
  it.each(placesElsewhere)('is not led to %j', async (place) => {
    const path = `/_soen/sign-in?return=${encodeURIComponent(place)}`
    const form = { name: 'bob', password: testPassword }
    const answer = await site.browser().submit(path, form)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
  })

  it('is led back to the very address that was asked for, on this server', async () => {
    const answer = await site.browser().get('/?x=//evil.example')
    const back = encodeURIComponent('/?x=//evil.example')
    expect(answer.headers.get('location')).toBe(`/_soen/sign-in?return=${back}`)
  })
})
