import type { IncomingHttpHeaders } from 'node:http'
import { isSafeMethod } from './canonical/limits.ts'
import { Refusal } from './refusals.ts'

/**
 * Refuses a change that a page of another site makes with the password its visitor's browser remembers.
 * Programs send neither header and pass.
 */
export function checkSameSite(method: string | undefined, headers: IncomingHttpHeaders): void {
  if (isSafeMethod(method)) return
  const site = headers['sec-fetch-site']
  const isForeignSite = site !== undefined && site !== 'same-origin' && site !== 'none'
  if (isForeignSite || (headers.origin !== undefined && !isOwnOrigin(headers.origin, headers.host))) {
    throw new Refusal('SOEN_CROSS_SITE')
  }
}

function isOwnOrigin(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()
}
