import type { IncomingHttpHeaders } from 'node:http'

/** Whether a person waits for a page, and not a program or a script for data. */
export function isPageLoad({ 'sec-fetch-mode': mode, accept }: IncomingHttpHeaders): boolean {
  // Without TLS outside of loopback browsers leave the first header out.
  return (mode === undefined || mode === 'navigate') && accept?.includes('text/html') === true
}

/** Whether a browser asks, which answers a challenge by a password box of its own and then never forgets. */
export function isBrowser(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-mode'] !== undefined || isPageLoad(headers)
}
