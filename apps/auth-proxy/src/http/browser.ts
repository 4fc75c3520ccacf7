import type { IncomingHttpHeaders } from 'node:http'

/** Whether the request loads a page for a person, rather than data for a program or script. */
export function isPageLoad({ 'sec-fetch-mode': mode, accept }: IncomingHttpHeaders): boolean {
  // Without TLS, browsers send the first header to loopback only.
  return (mode === undefined || mode === 'navigate') && accept?.includes('text/html') === true
}

/**
 * Whether a browser sent the request: it would answer a challenge with its own password dialogue and keep that
 * password.
 */
export function isBrowser(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-mode'] !== undefined || isPageLoad(headers)
}
