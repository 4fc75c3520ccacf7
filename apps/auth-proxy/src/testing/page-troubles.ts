import type { Page } from 'playwright-core'

/** Collects a page's failed requests and errors from now on. */
export function pageTroubles(page: Page): readonly string[] {
  const troubles: string[] = []
  page.on('response', (response) => {
    const [status, url] = [response.status(), response.url()]
    if (status >= 400) troubles.push(`${status} ${response.request().method()} ${url}`)
  })
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText
    // The browser aborts pending requests when it leaves a page.
    if (why !== 'net::ERR_ABORTED') troubles.push(`${why} ${request.method()} ${request.url()}`)
  })
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text())
  })
  page.on('pageerror', (error) => troubles.push(String(error)))
  return troubles
}
