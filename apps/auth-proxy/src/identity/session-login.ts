import { Refusal } from '../errors/refusals.ts'
import type { StoredSession } from './stored-sessions.ts'
import { cookieNames, hasCookie, readCookie } from './cookies.ts'
import type { Directory } from './directory.ts'
import type { Attempt } from './principal.ts'
import { isSessionAlive, sessionDigest } from './session.ts'
import { isInForce } from './user.ts'
import type { Account } from './user.ts'

/** The owner of a browser's session. */
export interface SessionLogin {
  readonly account: Account
  readonly session: StoredSession
  readonly secret: string
}

interface Options {
  readonly directory: Pick<Directory, 'find' | 'findSession'>
  /** When a session was last seen here, if that is later than the store knows. */
  readonly lastSeen: (id: string) => string | undefined
  readonly now: number
}

/** Finds a browser's session in memory; undefined without its cookie, throws a `Refusal` when it has ended. */
export function sessionLogin(attempt: Attempt, options: Options): SessionLogin | undefined {
  const { directory, lastSeen, now } = options
  const names = cookieNames(attempt.isSecure === true)
  const secret = readCookie(attempt.cookie, names.session)
  if (secret === undefined) return undefined
  const session = directory.findSession(sessionDigest(secret))
  if (session === undefined) throw new Refusal('SOEN_SESSION_OVER')
  const seenAt = [session.lastSeenAt, lastSeen(session.id) ?? ''].toSorted().at(-1) ?? ''
  const account = directory.find(session.owner)
  if (account === undefined || !isInForce(account, now) || !isSessionAlive(session, seenAt, now)) {
    throw new Refusal('SOEN_SESSION_OVER')
  }
  return { account, session, secret }
}

/** The stored session of a browser's cookie, whether or not it is still valid. */
export function findCookieSession(
  directory: Pick<Directory, 'findSession'>,
  cookie: string | undefined,
  isSecure: boolean,
): StoredSession | undefined {
  const secret = readCookie(cookie, cookieNames(isSecure).session)
  return secret === undefined ? undefined : directory.findSession(sessionDigest(secret))
}

/**
 * MLflow's page signs out by deleting this cookie, then only checks whether the server noticed. A duplicate of it,
 * which a neighbouring host can set, is no sign-out.
 */
export function hasSignedOut(attempt: Attempt): boolean {
  return !hasCookie(attempt.cookie, cookieNames(attempt.isSecure === true).signedIn)
}
