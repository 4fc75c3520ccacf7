import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** The credentials that programs need for one relay, and for nothing else. */
export interface RelayCredentials {
  /** The user name that MLflow's client writes into the runs. */
  readonly username: string
  readonly password: string
}

/** Generate a password. */
export function drawCredentials(username: string): RelayCredentials {
  return { username, password: randomBytes(24).toString('base64url') }
}

/** Whether a request has the relay's password. Any user name is accepted. */
export function isLetIn({ headers }: IncomingMessage, { password }: RelayCredentials): boolean {
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ')
  if (/^bearer$/i.test(scheme)) return isSame(value, password)
  if (!/^basic$/i.test(scheme)) return false
  const pair = Buffer.from(value, 'base64').toString('utf8')
  return isSame(pair.slice(pair.indexOf(':') + 1), password)
}

/** Compares in constant time, whatever the lengths. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other))
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
