import { launchChromium } from '@soen/testbed'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { auditRecords } from './testing/audit-records.ts'
import { testPassword } from './testing/auth-proxy.ts'
import { keepPicture } from './testing/keep-picture.ts'
import { openSite } from './testing/open-site.ts'
import type { OpenSite } from './testing/open-site.ts'
import { logPageProject } from './testing/page-project.ts'
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

/** Places in MLflow's page that its menus lead to, each with something that it shows. */
function placesOf({ experiment, name, run, model }: PageProject): readonly [hash: string, shown: string][] {
  const ofExperiment = `/experiments/${experiment}`
  const ofRun = `${ofExperiment}/runs/${run}`
  return [
    ['/', 'Recent Experiments'],
    ['/experiments', name],
    [`${ofExperiment}/runs`, 'second run'],
    [`${ofExperiment}/models`, 'models'],
    [`${ofExperiment}/traces`, 'traces'],
    [`${ofExperiment}/datasets`, 'dataset'],
    [`${ofExperiment}/evaluation-runs`, 'runs'],
    [`${ofExperiment}/prompts`, 'prompt'],
    [ofRun, 'lr'],
    [`${ofRun}/model-metrics`, 'loss'],
    [`${ofRun}/system-metrics`, 'metrics'],
    [`${ofRun}/artifacts`, 'note.txt'],
    ['/models', model],
    [`/models/${model}`, 'Version 1'],
    [`/models/${model}/versions/1`, 'Version 1'],
    ['/prompts', 'prompt'],
    ['/settings/general', 'Theme preference'],
  ]
}

/** Signs in, and ends up on MLflow's start page. */
async function openAs(user: string, width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme })
  // Without traces MLflow shows a video from its own site; tests stay on this machine.
  await context.route('https://mlflow.org/**', (route) => route.fulfill({ body: '' }))
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(site.url)
  await page.locator('#name').fill(user)
  await page.locator('#password').fill(testPassword)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${site.url}/#/experiments`)
  return page
}

/** What the front door has refused to a user so far. */
async function refusedTo(user: string): Promise<readonly string[]> {
  await site.audit.flush()
  return auditRecords(site.auditFolder)
    .filter(({ actor, allowed }) => actor === user && !allowed)
    .map(({ action, code }) => `${action}: ${code}`)
}

it.each([
  ['vic', 1280, 'light'],
  ['vic', 360, 'dark'],
  ['bob', 1280, 'dark'],
  ['ada', 360, 'light'],
] as const)('shows %s at %d px in %s no place that asks for what is refused', async (user, width, colour) => {
  const page = await openAs(user, width, colour)
  const troubles = pageTroubles(page)
  for (const [hash, shown] of placesOf(project)) {
    await page.goto(`${site.url}/#${hash}`)
    await page.getByText(shown).first().waitFor({ state: 'attached' })
    await keepPicture(page, `${user}-${width}-${colour}${hash.replaceAll(/\W+|[0-9a-f]{8,}/g, '-')}`)
  }
  expect(troubles).toEqual([])
  expect(await refusedTo(user)).toEqual([])
  await page.context().close()
})

it('opens on the experiments, without the Assistant, a banner, or a way to what is off', async () => {
  const page = await openAs('bob', 1280, 'light')
  await page.getByRole('link', { name: 'Model registry' }).waitFor()
  await page.getByRole('main').getByText(project.name).waitFor()
  await page.goto(`${site.url}/#/`)
  await page.getByText('Recent Experiments').waitFor()
  for (const text of ['MLflow Assistant', 'UI telemetry', 'AI Gateway', 'MCP registry', 'Start Demo']) {
    expect([text, await page.getByText(text).filter({ visible: true }).count()]).toEqual([text, 0])
  }
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('heading', { name: 'Theme preference' }).waitFor()
  expect(await page.getByRole('link', { name: 'Webhooks' }).count()).toBe(0)
  await page.context().close()
})

it("leads from MLflow's menu to our pages of accounts, and back", async () => {
  const page = await openAs('ada', 1280, 'light')
  const troubles = pageTroubles(page)
  for (const [entry, heading] of [
    ['Account', 'My account'],
    ['Manage', 'Users'],
  ]) {
    await page.getByRole('button', { name: 'Account menu for ada' }).click()
    await page.getByRole('menuitem', { name: entry ?? '', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: heading ?? '' }).waitFor()
    await page.getByText('ada (admin)').waitFor()
    await page.getByRole('link', { name: 'MLflow' }).click()
    await page.waitForURL(`${site.url}/#/experiments`)
  }
  expect(troubles).toEqual([])
  await page.context().close()
})
