import axe from 'axe-core'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import type { BuiltPage } from './built-pages.ts'

// The search button shows its shortcut, "Ctrl K", which is a hint and not part of its name.
const inLight: RunOptions = { rules: { 'label-content-name-mismatch': { enabled: false } } }
const inDark: RunOptions = { runOnly: { type: 'rule', values: ['color-contrast'] } }

/** Everything that axe finds on some pages: all its rules in light, those about colours again in dark. */
export async function violations(
  browser: Browser,
  url: string,
  pages: readonly BuiltPage[],
): Promise<readonly string[]> {
  const page = await browser.newPage({ colorScheme: 'light', reducedMotion: 'reduce' })
  const found: string[] = []
  for (const { path } of pages) {
    await page.goto(`${url}/${path}`)
    // Code blocks that scroll are made reachable by the keyboard when the browser is idle.
    await page.waitForFunction(
      '[...document.querySelectorAll("pre")].every((pre) => pre.scrollWidth <= pre.clientWidth || pre.tabIndex === 0)',
    )
    await page.evaluate(axe.source)
    found.push(...(await examine(page, inLight)).map((violation) => `${path} (light): ${violation}`))
    await page.evaluate('document.documentElement.dataset.theme = "dark"')
    found.push(...(await examine(page, inDark)).map((violation) => `${path} (dark): ${violation}`))
  }
  await page.close()
  return found
}

async function examine(page: Page, options: RunOptions): Promise<readonly string[]> {
  // What passes needs no description, which is most of axe's work.
  const run = `axe.run(${JSON.stringify({ ...options, resultTypes: ['violations'] })})`
  const { violations: found } = await page.evaluate<AxeResults>(run)
  return found.map(({ id, nodes }) => `${id} at ${nodes.map(({ html }) => html).join(', ')}`)
}
