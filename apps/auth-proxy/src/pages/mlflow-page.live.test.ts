import { launchChromium } from '@soen/testbed'
import type { SharedMlflow } from '@soen/testbed'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { basic, testPassword } from '../testing/auth-proxy.ts'
import { openSite } from '../testing/open-site.ts'
import type { OpenSite } from '../testing/open-site.ts'
import { listSessions } from '../identity/stored-sessions.ts'
import { listTokens } from '../identity/stored-tokens.ts'

const mlflow: SharedMlflow = inject('mlflow')
let site: OpenSite
let browser: Browser
beforeAll(async () => {
  site = await openSite({ mlflowSocket: mlflow.socketPath })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await site[Symbol.asyncDispose]()
})

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('User name').fill(name)
  await page.getByLabel('Password').fill(testPassword)
  await page.keyboard.press('Enter')
}

async function inNewBrowser(visit: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> {
  const context = await browser.newContext()
  try {
    await visit(await context.newPage(), context)
  } finally {
    await context.close()
  }
}

describe("MLflow's own page behind the sign-in", () => {
  it('opens at the very place that was wanted, and changes things', async () => {
    await inNewBrowser(async (page) => {
      const refused: string[] = []
      page.on('response', (response) => {
        if (response.status() === 403) refused.push(`${response.request().method()} ${response.url()}`)
      })
      const name = `made in a browser ${crypto.randomUUID()}`
      await page.goto(`${site.url}/#/experiments`)
      await signIn(page, 'bob')
      await page.getByRole('button', { name: 'Create', exact: true }).first().click({ timeout: 60_000 })
      expect(new URL(page.url()).hash).toMatch(/^#\/experiments/)
      await page.getByPlaceholder('Input an experiment name').fill(name)
      await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click()
      await page.getByText(name).first().waitFor({ timeout: 60_000 })
      expect(refused).toEqual([])
    })
  })

  it('shows who is signed in, and signs out by its own menu', async () => {
    await inNewBrowser(async (page, context) => {
      await page.goto(site.url)
      await signIn(page, 'ada')
      await page.getByRole('button', { name: 'Account menu for ada' }).click({ timeout: 60_000 })
      await page.getByRole('menuitem', { name: 'Logout' }).click()
      await page.getByLabel('User name').waitFor({ timeout: 60_000 })
      expect(new URL(page.url()).pathname).toBe('/_soen/sign-in')
      expect(await listSessions(site.identity.store.db, 'ada')).toEqual([])
      expect((await context.request.get(`${site.url}/version`)).status()).toBe(401)
    })
  })
})

describe('an uploaded page that means harm', () => {
  it('cannot act with the session of who opens it', async () => {
    await inNewBrowser(async (page) => {
      await page.goto(site.url)
      await signIn(page, 'bob')
      await page.getByRole('button', { name: 'Account menu for bob' }).waitFor({ timeout: 60_000 })
      const attack = `<p>opened</p><script>
        document.title = 'script ran'
        const csrf = /X-Soen-Csrf=([^;]+)/.exec(document.cookie)?.[1]
        fetch('/_soen/api/tokens', { method: 'POST', body: '{"name":"stolen"}',
          headers: { 'content-type': 'application/json', 'x-soen-csrf': csrf } })
      </script><form id="f" method="post" action="/_soen/sign-out"></form><script>f.submit()</script>`
      const path = `/ajax-api/2.0/mlflow-artifacts/artifacts/0/${crypto.randomUUID()}/evil.html`
      const authorization = basic('bob')
      const uploaded = await fetch(`${site.url}${path}`, {
        method: 'PUT',
        body: attack,
        headers: {
          authorization,
          'content-type': 'text/html',
        },
      })
      expect(uploaded.status).toBe(200)
      // The browser may show or download it; either way nothing in it may run.
      await page.goto(`${site.url}${path}`).catch(() => {})
      await page.waitForTimeout(1000)
      expect(await page.title()).not.toBe('script ran')
      expect(await listTokens(site.identity.store.db, 'bob')).toEqual([])
      expect(await listSessions(site.identity.store.db, 'bob')).not.toEqual([])
    })
  })
})

describe('our pages', () => {
  it('are worked by the keyboard alone', async () => {
    await inNewBrowser(async (page) => {
      await page.goto(`${site.url}/_soen/sign-in?return=/_soen/account`)
      await page.locator('#name:focus').waitFor()
      await page.keyboard.type('bob')
      await page.keyboard.press('Tab')
      await page.keyboard.type(testPassword)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'My account' }).waitFor()
      for (let step = 0; step < 30; step += 1) {
        await page.keyboard.press('Tab')
        if ((await page.evaluate('document.activeElement?.textContent')) === 'Sign out') break
      }
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      expect(new URL(page.url()).pathname).toBe('/_soen/sign-in')
    })
  })
})

describe('the page of the audit, by the keyboard alone and without a script', () => {
  it('finds what was refused to somebody, and its filter can be sent on as an address', async () => {
    await site.api('bob', 'GET', '/users')
    await site.audit.flush()
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${site.url}/_soen/sign-in?return=/_soen/audit`)
    await signIn(page, 'ada')
    await page.getByRole('heading', { name: 'Audit' }).waitFor()
    await tabTo(page, 'User')
    await page.keyboard.type('bob')
    await tabTo(page, 'only what was refused')
    await page.keyboard.press('Space')
    await tabTo(page, 'Show')
    await page.keyboard.press('Enter')
    await page.waitForURL(/denied=true/)
    expect(await page.getByLabel('User').inputValue()).toBe('bob')
    expect(await page.getByRole('checkbox').isChecked()).toBe(true)
    const rows = page.getByRole('row').filter({ hasText: 'bob was refused to read /_soen/api/users' })
    expect(await rows.count()).toBeGreaterThan(0)
    expect(await page.getByRole('row').filter({ hasText: 'ada' }).count()).toBe(0)
    await context.close()
  })
})

describe('the page of users, by the keyboard alone and without a script', () => {
  it('makes an account, changes its role and password, locks it out, and removes it', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    const row = page.getByRole('row').filter({ hasText: 'eve' })
    const api = async (password: string): Promise<number> =>
      (await site.api('eve', 'GET', '/me', undefined, basic('eve', password))).status
    await page.goto(`${site.url}/_soen/sign-in?return=/_soen/users`)
    await signIn(page, 'ada')
    await page.getByRole('heading', { name: 'Users' }).waitFor()

    await tabTo(page, 'Name')
    await page.keyboard.type('eve')
    await page.keyboard.press('Tab')
    await page.keyboard.type('viewer')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.type('her first password')
    await page.keyboard.press('Enter')
    await row.getByRole('cell', { name: 'viewer', exact: true }).waitFor()
    expect(await api('her first password')).toBe(200)

    await tabTo(page, 'Role of eve')
    await page.keyboard.type('maintainer')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await row.getByRole('cell', { name: 'maintainer', exact: true }).waitFor()

    await tabTo(page, 'New password of eve')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.type('another password')
    // Not by retrying until it succeeds: each refusal would count towards her lockout.
    const answered = page.waitForEvent('load')
    await page.keyboard.press('Enter')
    await answered
    expect(await api('another password')).toBe(200)
    expect(await api('her first password')).toBe(401)

    await tabTo(page, 'Disable eve')
    await page.keyboard.press('Enter')
    await row.getByRole('cell', { name: 'disabled', exact: true }).waitFor()
    expect(await api('another password')).toBe(401)

    await tabTo(page, 'Remove eve')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Remove for good eve')
    await page.keyboard.press('Enter')
    await row.waitFor({ state: 'detached' })
    expect(await page.getByRole('heading', { name: 'Users' }).isVisible()).toBe(true)
    await context.close()
  })
})

/** Presses Tab until what has this name is reached; a person has no shorter way. */
async function tabTo(page: Page, name: string): Promise<void> {
  const label =
    '(it => it.ariaLabel ?? it.labels?.[0]?.textContent ?? it.textContent)(document.activeElement)'
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press('Tab')
    if ((await page.evaluate(label)) === name) return
  }
  throw new Error(`Tab does not lead to ${name}.`)
}
