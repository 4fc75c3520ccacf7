import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What a program shows to be let in: good for one relay, and for nothing else. */
export interface RelayCredentials {
  /** Whose name MLflow's client writes into the runs. */
  readonly username: string
  readonly password: string
}

/** Draws a password. */
export function drawCredentials(username: string): RelayCredentials {
  return { username, password: randomBytes(24).toString('base64url') }
}

/** Whether a request comes from a program that was given the password. Every name goes with it. */
export function isLetIn({ headers }: IncomingMessage, { password }: RelayCredentials): boolean {
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ')
  if (/^bearer$/i.test(scheme)) return isSame(value, password)
  if (!/^basic$/i.test(scheme)) return false
  const pair = Buffer.from(value, 'base64').toString('utf8')
  return isSame(pair.slice(pair.indexOf(':') + 1), password)
}

/** In constant time, whatever the lengths. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other))
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
