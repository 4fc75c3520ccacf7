import { parseBasic, parseBearer } from './basic-credentials.ts'
import type { Directory } from './directory.ts'
import type { Attempt } from './principal.ts'
import { findCookieSession } from './session-login.ts'
import { readToken } from './token.ts'
import { normalizeName } from './user.ts'

type Known = Pick<Directory, 'find' | 'findToken' | 'findSession'>

/**
 * The account behind a refused name, token or cookie. A name without an account is withheld: it may be a password in
 * the wrong field.
 */
export function claimedName(attempt: Attempt, directory: Known): string | undefined {
  const { authorization, cookie, isSecure = false } = attempt
  const typed = authorization === undefined ? undefined : parseBasic(authorization)
  const shown = typed?.password ?? parseBearer(authorization ?? '')
  const token = shown === undefined ? undefined : readToken(shown)
  if (typeof token === 'object') return directory.findToken(token.id)?.owner
  const named = typed && directory.find(normalizeName(typed.user))?.name
  return named ?? findCookieSession(directory, cookie, isSecure)?.owner
}
