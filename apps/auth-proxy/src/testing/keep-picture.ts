import type { Page } from 'playwright-core'

/** Keeps a picture of a whole page in the folder `SOEN_SCREENSHOTS`, where somebody wants to look at them. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['SOEN_SCREENSHOTS']
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}
