import type { IncomingHttpHeaders } from 'node:http'
import { Refusal } from '../errors/refusals.ts'
import type { Principal } from './principal.ts'
import { isSameSecret } from './session.ts'

const csrfHeader = 'x-soen-csrf'
/** The field in which our own forms carry what scripts put into a header. */
export const csrfField = 'csrf'

/**
 * Refuses a change that only a cookie vouches for. Browsers send cookies by themselves, so the change must
 * also say where it comes from, and carry what only a page of this host can read. Programs that show a
 * password or token pass: nobody else makes them do that.
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
