import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { launchChromium } from '@soen/testbed'
import type { Browser, Locator, Page } from 'playwright-core'
import { readGraphql } from './canonical/graphql.ts'
import { parseStrictJson } from './canonical/strict-json.ts'
import { testPassword } from './testing/auth-proxy.ts'
import { openSite } from './testing/open-site.ts'
import type { OpenSite } from './testing/open-site.ts'
import { asBob, logPageProject } from './testing/page-project.ts'
import type { PageProject } from './testing/page-project.ts'
import { pageTroubles } from './testing/page-troubles.ts'

let site: OpenSite
let project: PageProject
let browser: Browser

beforeAll(async () => {
  site = await openSite({ mlflowSocket: inject('mlflow').socketPath })
  await site.api('ada', 'POST', '/users', { name: 'vic', role: 'viewer', password: testPassword })
  project = await logPageProject(site.url)
  browser = await launchChromium()
})

afterAll(async () => {
  await browser.close()
  await site[Symbol.asyncDispose]()
})

/** A page in a browser without any session. */
async function newPage(): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  // Both cores may be busy with something else.
  page.setDefaultTimeout(60_000)
  return page
}

/** Opens a place in MLflow's page, signing in on the way, by the keyboard. */
async function openSignedIn(page: Page, user: string, hash: string): Promise<void> {
  await page.goto(`${site.url}/#${hash}`)
  await page.locator('#name:focus').waitFor()
  await page.keyboard.type(user)
  await page.keyboard.press('Tab')
  await page.keyboard.type(testPassword)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: `Account menu for ${user}` }).waitFor()
}

it("lets a member work in MLflow's pages, from the sign-in to the sign-out", async () => {
  const { experiment, name, run, model } = project
  const page = await newPage()
  const troubles = pageTroubles(page)
  const [main, dialog] = [page.getByRole('main'), page.getByRole('dialog')]
  const rowOf = (shown: string): Locator =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name: shown }) })

  await openSignedIn(page, 'bob', `/experiments/${experiment}/runs`)

  // The table of runs, and two of them side by side.
  for (const shown of ['first run', 'second run']) await rowOf(shown).getByRole('checkbox').first().click()
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('heading', { name: 'Comparing 2 Runs from 1 Experiment' }).waitFor()
  await page.getByRole('row', { name: 'Run Name: first run second run' }).waitFor()
  await page.getByRole('row', { name: 'lr 0.1 0.2' }).waitFor()
  await main.locator('.js-plotly-plot').getByText('0.66667').first().waitFor()

  // One run: its new name, its chart, its files.
  await page.goBack()
  await page.getByRole('link', { name: 'first run' }).click()
  await page.getByRole('button', { name: 'Open header dropdown menu' }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await dialog.getByRole('textbox').fill('best run')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'best run' }).waitFor()
  await page.getByRole('tab', { name: 'Model metrics' }).click()
  await main.getByText('best run (loss)').waitFor()
  await main.locator('.js-plotly-plot .point').nth(2).waitFor()
  const drawn = "[...document.querySelector('.js-plotly-plot').data[0].y]"
  expect(await page.evaluate(drawn)).toEqual([1, 1 / 2, 1 / 3])
  await page.getByRole('tab', { name: 'Artifacts' }).click()
  await main.getByText('note.txt').click()
  await main.getByText('noted', { exact: true }).waitFor()
  await main.getByText('dot.png').click()
  await page.waitForFunction(`document.querySelector('img[alt="dot.png"]')?.naturalWidth === 1`)

  // The registry, where a version gets its description.
  await main.getByRole('link', { name }).click()
  await page.getByRole('link', { name: 'Model registry' }).click()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('link', { name: model }).click()
  await page.getByRole('link', { name: 'Version 1' }).click()
  await page.getByRole('heading', { name: 'Version 1' }).waitFor()
  await main.getByText('Inputs (1)').waitFor()
  await page.getByRole('link', { name: 'best run' }).waitFor()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByRole('textbox').fill('It is the best.')
  await page.getByRole('button', { name: 'Save' }).click()
  await main.getByText('It is the best.').waitFor()

  expect(troubles).toEqual([])
  expect(await asBob(site.url, 'GET', `runs/get?run_id=${run}`)).toMatchObject({
    run: { info: { run_name: 'best run' } },
  })
  expect(await asBob(site.url, 'GET', `model-versions/get?name=${model}&version=1`)).toMatchObject({
    model_version: { description: 'It is the best.' },
  })

  await page.getByRole('button', { name: 'Account menu for bob' }).click()
  await page.getByRole('menuitem', { name: 'Logout' }).click()
  await page.getByLabel('User name').waitFor()
  await page.goto(`${site.url}/#/experiments/${experiment}/runs/${run}`)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect((await page.context().request.get(`${site.url}/version`)).status()).toBe(401)
  await page.context().close()
})

it("serves MLflow's page to a viewer, packed", async () => {
  const { experiment, name, run, model } = project
  const page = await newPage()
  const troubles = pageTroubles(page)
  const queries: string[] = []
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/graphql') queries.push(request.postData() ?? '')
  })
  const packings = new Set<string | undefined>()
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.endsWith('.js')) packings.add(response.headers()['content-encoding'])
  })
  const shows = async (hash: string, text: string): Promise<void> => {
    await page.goto(`${site.url}/#${hash}`)
    await page.getByText(text).first().waitFor()
  }
  await openSignedIn(page, 'vic', '/experiments')
  const ofRun = `/experiments/${experiment}/runs/${run}`
  await shows('/experiments', name)
  await shows(`/experiments/${experiment}/runs`, 'second run')
  await shows(ofRun, 'lr')
  await shows(`${ofRun}/model-metrics`, 'loss')
  await shows(`${ofRun}/artifacts`, 'note.txt')
  await shows(`/experiments/${experiment}/traces`, 'traces')
  await shows('/models', model)
  expect(troubles).toEqual([])
  const twins = queries.map((body) => readGraphql(parseStrictJson(Buffer.from(body))).twin)
  expect(twins).toContain('GET {api}/2.0/mlflow/runs/get')
  expect(['br', 'gzip']).toEqual(expect.arrayContaining([...packings]))
  expect(packings.size).toBe(1)
  await page.context().close()
})
