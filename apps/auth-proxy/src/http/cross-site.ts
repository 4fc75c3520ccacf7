import type { IncomingHttpHeaders } from 'node:http'
import { isSafeMethod } from './limits.ts'
import type { ClientAddress } from './client-address.ts'
import { Refusal } from '../errors/refusals.ts'

/**
 * Refuses changes that a page of another site makes with the credentials that its visitor's browser sends along.
 * Programs send neither header and pass.
 */
export function checkSameSite(
  method: string | undefined,
  headers: IncomingHttpHeaders,
  client: Pick<ClientAddress, 'isSecure'>,
): void {
  if (isSafeMethod(method)) return
  const site = headers['sec-fetch-site']
  const isForeignSite = site !== undefined && site !== 'same-origin' && site !== 'none'
  const { origin, host } = headers
  if (isForeignSite || (origin !== undefined && !isOwnOrigin(origin, host, client.isSecure))) {
    throw new Refusal('SOEN_CROSS_SITE')
  }
}

function isOwnOrigin(origin: string, host: string | undefined, isSecure: boolean): boolean {
  const { protocol, host: theirs } = URL.parse(origin) ?? {}
  // Anybody on the way can alter what comes by http. An https origin without TLS of our own means a proxy that we
  // weren't told about.
  if (protocol !== 'https:' && (isSecure || protocol !== 'http:')) return false
  return theirs === URL.parse(`${protocol}//${host}`)?.host
}
