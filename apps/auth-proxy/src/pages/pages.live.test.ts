import { launchChromium } from '@soen/testbed'
import axe from 'axe-core'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testPassword } from '../testing/auth-proxy.ts'
import { keepPicture } from '../testing/keep-picture.ts'
import { openSite } from '../testing/open-site.ts'
import type { OpenSite } from '../testing/open-site.ts'
import { pageTroubles } from '../testing/page-troubles.ts'

let site: OpenSite
let browser: Browser
beforeAll(async () => {
  site = await openSite({ teamName: 'Photonics' })
  await site.api('ada', 'POST', '/users', { name: 'vic', role: 'viewer', password: testPassword })
  const long = { name: 'a.very.long.name.of.a.person@institute.university.example', role: 'maintainer' }
  await site.api('ada', 'POST', '/users', { ...long, password: testPassword })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await site[Symbol.asyncDispose]()
})

/** Opens a page of ours in a browser without a session, signing in on the way. */
async function openAs(name: string, path: string, locale = 'en'): Promise<Page> {
  const page = await (await browser.newContext({ locale })).newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(`${site.url}/_soen/sign-in?return=${path}`)
  if (name === 'nobody') return page
  await page.locator('#name').fill(name)
  await page.locator('#password').fill(testPassword)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${site.url}${path}`)
  return page
}

/** Everything that is wider than the window or than the box around it. */
const cutOff = `[...document.querySelectorAll('body, body *')]
  .filter((it) => it.checkVisibility() && !it.closest('thead'))
  .filter((it) => it.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5
    || (it.tagName !== 'INPUT' && it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).display !== 'inline'))
  .map((it) => it.tagName + ' is cut off: ' + it.outerHTML.slice(0, 120))`
/** Dates and single short words that wrap. */
const broken = `[...document.querySelectorAll('time, td')]
  .filter((it) => it.tagName === 'TIME' || /^[A-Za-z]{1,10}$/.test(it.textContent))
  .filter((it) => {
    const text = document.createRange()
    text.selectNodeContents(it)
    return text.getClientRects().length > 1
  })
  .map((it) => it.textContent + ' is broken')`

/** What is wrong with a page in each width and colour: all that axe finds, and all that cannot be seen whole. */
async function faultsOf(page: Page): Promise<readonly string[]> {
  const found: string[] = []
  // Through the debugger: the Content-Security-Policy of our pages allows no script, not even this one.
  await page.evaluate(axe.source)
  for (const width of [1280, 768, 360]) {
    await page.setViewportSize({ width, height: 800 })
    const boxes = [...(await page.evaluate<string[]>(cutOff)), ...(await page.evaluate<string[]>(broken))]
    found.push(...boxes.map((fault) => `${width}: ${fault}`))
    if (width === 768) continue
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const { violations } = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })")
      const faults = violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ html }) => html).join(', ')}`)
      found.push(...faults.map((fault) => `${width} ${colorScheme}: ${fault}`))
      await keepPicture(page, `${testName()}-${width}-${colorScheme}`)
    }
  }
  return found
}

/** The test that runs, as part of a file's name. */
function testName(): string {
  return (expect.getState().currentTestName ?? '').replaceAll(/[^\w]+/g, '-')
}

type Deed = (page: Page) => Promise<unknown>
const unfold: Deed = async (page) => {
  for (const summary of await page.locator('summary').all()) await summary.click()
}
const makeToken: Deed = async (page) => {
  await page.locator('#token-name').fill('laptop')
  await page.locator('#token-name').press('Enter')
  await page.locator('#token').waitFor()
}
const typeWrongPassword: Deed = async (page) => {
  await page.locator('#name').fill('nobody')
  await page.locator('#password').fill('a wrong guess')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
}
const refuseAName: Deed = async (page) => {
  await page.locator('#name').fill('bob')
  await page.locator('#password').fill(testPassword)
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
}

describe('our pages, wide and narrow, light and dark, have no fault', () => {
  it.each<[title: string, name: string, path: string, deed?: Deed]>([
    ['signing in', 'nobody', '/'],
    ['a wrong password', 'nobody', '/', typeWrongPassword],
    ["a viewer's account", 'vic', '/_soen/account'],
    ["a member's account", 'bob', '/_soen/account'],
    ["an admin's account", 'ada', '/_soen/account'],
    ['a new token', 'bob', '/_soen/account', makeToken],
    ['the users', 'ada', '/_soen/users', unfold],
    ['a user who is there already', 'ada', '/_soen/users', refuseAName],
    ['the audit', 'ada', '/_soen/audit'],
    ['a page that is not for a member', 'bob', '/_soen/users'],
  ])('%s', async (_title, name, path, deed) => {
    await site.audit.flush()
    const page = await openAs(name, path)
    const refused = pageTroubles(page)
    await page.reload()
    const expected = (await page.getByText('SOEN_ADMIN_ONLY').count()) > 0
    expect(refused.length > 0).toBe(expected)
    await deed?.(page)
    expect(await faultsOf(page)).toEqual([])
    await page.context().close()
  })

  it.each([
    ['Mein Konto', '/_soen/account'],
    ['Konten', '/_soen/users'],
    ['Protokoll', '/_soen/audit'],
  ])('in German: %s', async (heading, path) => {
    const page = await openAs('ada', path, 'de-DE')
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await unfold(page)
    expect(await faultsOf(page)).toEqual([])
    await page.context().close()
  })
})

it.each(['en', 'de-DE'])('setting up has no fault, before and after a wrong secret (%s)', async (locale) => {
  await using fresh = await openSite({ isNew: true, teamName: 'Photonics' })
  const page = await (await browser.newContext({ locale })).newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(fresh.url)
  await page.waitForURL(`${fresh.url}/_soen/setup`)
  expect(await faultsOf(page)).toEqual([])
  await page.locator('[name=secret]').fill('a guess')
  await page.locator('[name=name]').fill('ada')
  await page.locator('[name=password]').fill(testPassword)
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.context().close()
})

it('copies a new token by its button, says so, and names the browser as people do', async () => {
  const page = await openAs('bob', '/_soen/account')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await makeToken(page)
  await page.getByRole('button', { name: 'Copy: Your new token' }).press('Enter')
  await page.getByRole('status').filter({ hasText: 'Copied.' }).waitFor()
  const copied = await page.evaluate<string>('navigator.clipboard.readText()')
  expect(copied).toBe(await page.locator('#token').textContent())
  expect(copied).toMatch(/^soen_\w+$/)
  expect(await page.getByRole('rowheader', { name: 'Chrome on Linux' }).count()).toBeGreaterThan(0)
  await page.context().close()
})
