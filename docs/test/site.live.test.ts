import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchChromium } from '@soen/testbed'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { examine } from './accessibility.ts'
import type { Findings } from './accessibility.ts'
import { buildSite } from './build-site.ts'
import { brokenLinks, builtPages, thirdPartyRequests, weigh } from './built-pages.ts'
import type { BuiltPage } from './built-pages.ts'
import { serveFolder } from './static-server.ts'
import type { StaticServer } from './static-server.ts'

const kB = 1000
const cleanup = new AsyncDisposableStack()
/** Below a base path, which tests links harder than the root of a host does. */
const base = '/guide'
let host: string
let site: string
let pages: readonly BuiltPage[]

beforeAll(async () => {
  host = await mkdtemp(join(tmpdir(), 'soen-docs-'))
  cleanup.defer(() => rm(host, { recursive: true }))
  site = join(host, base)
  await buildSite(site, base)
  pages = builtPages(site)
})

afterAll(() => cleanup.disposeAsync())

describe('files', () => {
  test('guide, references and their German side are there', () => {
    expect(pages.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        '',
        'setup/local/',
        'reference/cli/',
        'reference/settings/',
        'reference/client/',
        'de/setup/local/',
      ]),
    )
  })

  test('no link leads nowhere, whoever made it', () => {
    expect(brokenLinks(site, pages, `${base}/`)).toEqual([])
  })

  test('no page asks another machine for anything', () => {
    expect(pages.flatMap((page) => thirdPartyRequests(page))).toEqual([])
  })

  test('every page stays within 10 kB of HTML, 30 kB of JavaScript and 20 kB of CSS', () => {
    const weights = pages.map((page) => ({ path: page.path, ...weigh(host, page) }))
    expect(Math.min(...weights.map(({ css, js }) => Math.min(css, js)))).toBeGreaterThan(0)
    expect(weights.filter(({ html, js, css }) => html > 10 * kB || js > 30 * kB || css > 20 * kB)).toEqual([])
  })

  test('every page has a title and a description', () => {
    const poor = pages.filter(
      ({ html }) =>
        !/<title>[^<]+<\/title>/.test(html) || !/<meta name="description" content="[^"]{20,}/.test(html),
    )
    expect(poor.map(({ path }) => path).filter((path) => path !== '404.html')).toEqual([])
  })

  test('the text for machines holds the code of the snippets', async () => {
    expect(await readFile(join(site, 'llms-full.txt'), 'utf8')).toContain(
      'with mlflow.start_run(run_name="straight-line")',
    )
  })
})

describe('in a browser', () => {
  let browser: Browser
  let server: StaticServer
  let url: string

  beforeAll(async () => {
    browser = cleanup.adopt(await launchChromium(), (launched) => launched.close())
    server = cleanup.use(await serveFolder(host))
    url = server.url + base
  })

  describe('of every page', () => {
    let findings: readonly Findings[]

    beforeAll(async () => {
      const all = distinctPages()
      // Two at a time: one page waits for its files while the other is examined.
      const halves = [0, 1].map((half) => all.filter((_, index) => index % 2 === half))
      findings = await Promise.all(halves.map((half) => examine(browser, url, half)))
    }, 600_000)

    test('axe finds nothing, light and dark', () => {
      expect(findings.flatMap(({ violations }) => violations)).toEqual([])
    })

    test('a phone of 360 pixels needs no scrolling sideways', () => {
      expect(findings.flatMap(({ wide }) => wide)).toEqual([])
    })
  })

  test.each([
    ['en', '', 'lost password', '/guide/setup/lost-password/'],
    ['de', 'de/', 'verlorenes Passwort', '/guide/de/setup/lost-password/'],
  ])('the keyboard alone finds a page by search (%s), and nothing leaves the machine', async (...row) => {
    const [, start, words, target] = row
    const page = await browser.newPage()
    const foreign: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url)) foreign.push(request.url())
    })
    await page.goto(`${url}/${start}`)
    await page.locator('dialog input').waitFor({ state: 'attached' })
    // Past the skip link and the title of the site.
    for (let tabs = 0; tabs < 3; tabs += 1) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.keyboard.type(words)
    const first = page.locator('dialog a[href]').first()
    // It searches at every keystroke: the result for the first letters is shown for a moment.
    await expect.poll(() => first.getAttribute('href'), { timeout: 60_000 }).toBe(target)
    expect(foreign).toEqual([])
    await page.close()
  })
})

/**
 * Every hand-written page, and of the client's generated ones, which come from one template, the largest of each
 * kind; German fallbacks repeat the English page.
 */
function distinctPages(): readonly BuiltPage[] {
  const distinct = pages.filter(({ path }) => !path.startsWith('de/reference/client/') && path !== '404.html')
  const kinds = Map.groupBy(distinct, ({ path }) =>
    path.startsWith('reference/client/') ? kindOf(path) : path,
  )
  return [...kinds.values()].flatMap((alike) =>
    alike.toSorted((one, other) => other.html.length - one.html.length).slice(0, 1),
  )
}

/** `reference/client/core/classes/client/` is of the kind `reference/client/core/classes`. */
function kindOf(path: string): string {
  return path.split('/').slice(0, 4).join('/')
}
