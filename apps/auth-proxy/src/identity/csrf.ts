import type { IncomingHttpHeaders } from 'node:http'
import { Refusal } from '../errors/refusals.ts'
import type { Principal } from './principal.ts'
import { isSameSecret } from './session.ts'

const csrfHeader = 'x-soen-csrf'
/** The form field that carries what scripts send as a header. */
export const csrfField = 'csrf'

/**
 * Refuses a change that only a cookie authenticates. Browsers send cookies by themselves, so the change must also
 * name its origin, and carry a value that only a page of this host can read. Requests with a password or token pass:
 * no foreign page can make a browser send those.
 */
export function checkCsrf(
  { credential }: Pick<Principal, 'credential'>,
  headers: IncomingHttpHeaders,
  fromForm?: string,
): void {
  if (credential.kind !== 'session') return
  const saysFromWhere = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined
  const shown = fromForm ?? headers[csrfHeader]
  if (!saysFromWhere || typeof shown !== 'string' || !isSameSecret(shown, credential.csrf)) {
    throw new Refusal('SOEN_CSRF_TOKEN')
  }
}
