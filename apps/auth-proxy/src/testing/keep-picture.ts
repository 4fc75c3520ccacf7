import type { Page } from 'playwright-core'

/** Saves a screenshot of a whole page in the folder `SOEN_SCREENSHOTS`, if it is set. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['SOEN_SCREENSHOTS']
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}
