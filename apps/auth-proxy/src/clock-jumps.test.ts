import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { basic } from './testing/auth-proxy.ts'
import { openSite } from './testing/open-site.ts'
import type { Browser, OpenSite } from './testing/open-site.ts'

const [minute, hour, day] = [60_000, 60 * 60_000, 24 * 60 * 60_000]

// Only the wall clock changes, as an operator or a time server sets it; elapsed time is measured by another clock.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
})
afterEach(() => {
  vi.useRealTimers()
})
const jump = (ms: number): unknown => vi.setSystemTime(Date.now() + ms)

interface Everybody {
  readonly token: string
  readonly browser: Browser
}

/** Bob has a token for two days and a browser session, and is locked out for wrong passwords. */
async function everybody(site: OpenSite): Promise<Everybody> {
  const made = await site.api('bob', 'POST', '/tokens', { name: 'cluster', days: 2 })
  const { token }: { token: string } = JSON.parse(await made.text())
  const browser = await site.signedIn('bob')
  for (let guess = 0; guess < 10; guess += 1)
    await site.api('', 'GET', '/me', undefined, basic('bob', `guess ${guess}`))
  return { token, browser }
}

/** The status of each way to authenticate: 303 leads to the sign-in page. */
async function knock(site: OpenSite, { token, browser }: Everybody): Promise<Record<string, number>> {
  const by = async (authorization: string): Promise<number> =>
    (await site.api('', 'GET', '/me', undefined, authorization)).status
  return {
    token: await by(`Bearer ${token}`),
    browser: (await browser.get('/_soen/account')).status,
    lockedPassword: await by(basic('bob')),
    password: await by(basic('ada')),
    wrongPassword: await by(basic('ada', 'a guess')),
  }
}

const usual = { token: 200, browser: 200, lockedPassword: 401, password: 200, wrongPassword: 401 }

it.each([
  ['an hour forwards: nobody is unlocked, nobody thrown out', hour, {}],
  ['a day forwards: the browser was idle for too long', day, { browser: 303 }],
  ['a month forwards: the token has expired', 30 * day, { browser: 303, token: 401 }],
  ['a minute backwards: nothing happens', -minute, {}],
  [
    'a day backwards: what was made tomorrow has no end that could be known',
    -day,
    { browser: 303, token: 401 },
  ],
  ['to the year 1970', -Date.now(), { browser: 303, token: 401 }],
])('a clock that jumps %s', async (_what, ms, changed) => {
  await using site = await openSite()
  const people = await everybody(site)
  expect(await knock(site, people)).toEqual(usual)
  jump(ms)
  expect(await knock(site, people)).toEqual({ ...usual, ...changed })
  jump(-ms)
  expect(await knock(site, people)).toEqual(usual)
})

it('an expired token does not come alive again when the clock is set back before it was made', async () => {
  await using site = await openSite()
  const people = await everybody(site)
  jump(3 * day)
  expect(await knock(site, people)).toMatchObject({ token: 401 })
  jump(-5 * day)
  expect(await knock(site, people)).toMatchObject({ token: 401 })
})

it('who signs in while the clock is wrong is let in, and not for longer than usual', async () => {
  await using site = await openSite()
  jump(365 * day)
  const browser = await site.signedIn('ada')
  expect((await browser.get('/_soen/account')).status).toBe(200)
  jump(-365 * day)
  expect((await browser.get('/_soen/account')).status).toBe(303)
})
