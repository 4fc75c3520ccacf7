import axe from 'axe-core'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import type { BuiltPage } from './built-pages.ts'

// The search button shows its shortcut, "Ctrl K", a hint that is not part of its accessible name.
const inLight: RunOptions = { rules: { 'label-content-name-mismatch': { enabled: false } } }
const inDark: RunOptions = { runOnly: { type: 'rule', values: ['color-contrast'] } }

const desk = { viewport: { width: 1280, height: 720 } }
const phone = { viewport: { width: 360, height: 740 } }

/**
 * Among words in code that look alike, only one is tested for contrast: there are thousands in a dozen colours, and
 * axe would take as long for each as for a heading.
 */
const alike = '[data-alike]'
const markAlike = `for (const block of document.querySelectorAll('pre code')) {
  const seen = new Set()
  for (const word of block.querySelectorAll('span:not(:has(*))')) {
    // The style has the colours of both themes; the line determines the background.
    const look = [word.className, word.getAttribute('style'), word.closest('.ec-line')?.className].join()
    if (seen.has(look)) word.dataset.alike = ''
    seen.add(look)
  }
}`

/** What all pages of a language share, and an expression that tells which of it a page has. */
const repeated = ['header.header', 'nav.sidebar']
const frameOfPage =
  '[document.documentElement.lang, document.documentElement.hasAttribute("data-has-sidebar")].join()'

/** The accessibility problems found on some pages. */
export interface Findings {
  /** Violations of all of axe's rules in the light theme, and of the colour rules in the dark one. */
  readonly violations: readonly string[]
  /** Paths of pages that scroll sideways on a phone of 360 pixels. */
  readonly wide: readonly string[]
}

/** Visits pages one after the other. */
export async function examine(browser: Browser, url: string, pages: readonly BuiltPage[]): Promise<Findings> {
  const page = await browser.newPage({ ...desk, colorScheme: 'light', reducedMotion: 'reduce' })
  const violations: string[] = []
  const wide: string[] = []
  const frames = new Set<string>()
  for (const { path } of pages) {
    await page.goto(`${url}/${path}`)
    // Code blocks that scroll are made focusable when the browser is idle.
    await page.waitForFunction(
      '[...document.querySelectorAll("pre")].every((pre) => pre.scrollWidth <= pre.clientWidth || pre.tabIndex === 0)',
    )
    await page.evaluate(axe.source)
    await page.evaluate(markAlike)
    const frame = await page.evaluate<string>(frameOfPage)
    const leftOut = frames.has(frame) ? [alike, ...repeated] : [alike]
    frames.add(frame)
    violations.push(
      ...(await askAxe(page, inLight, leftOut)).map((violation) => `${path} (light): ${violation}`),
    )
    await page.evaluate('document.documentElement.dataset.theme = "dark"')
    violations.push(
      ...(await askAxe(page, inDark, leftOut)).map((violation) => `${path} (dark): ${violation}`),
    )
    await page.setViewportSize(phone.viewport)
    if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) wide.push(path)
    await page.setViewportSize(desk.viewport)
  }
  await page.close()
  return { violations, wide }
}

async function askAxe(
  page: Page,
  options: RunOptions,
  leftOut: readonly string[],
): Promise<readonly string[]> {
  const context = { exclude: leftOut.map((selector) => [selector]) }
  // Rules that pass need no description, which is most of axe's work.
  const run = `axe.run(${JSON.stringify(context)}, ${JSON.stringify({ ...options, resultTypes: ['violations'] })})`
  const { violations } = await page.evaluate<AxeResults>(run)
  return violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ html }) => html).join(', ')}`)
}
