import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import { tokenIdIn } from './token.ts'

/** The error for a name without an account. */
export function unknownUser(name: string): AuthProxyError {
  return new AuthProxyError({
    code: 'SOEN_USER_UNKNOWN',
    message: `There is no user ${JSON.stringify(name)}.`,
    hint: 'soen user list shows all of them.',
  })
}

/** The error for an id without a token. */
export function unknownToken(id: string): AuthProxyError {
  return new AuthProxyError({
    code: 'SOEN_TOKEN_UNKNOWN',
    message: `There is no token ${shownId(tokenIdIn(id))}.`,
    hint: 'soen token list shows the ids; a token itself is soen_ID_SECRET.',
  })
}

/** The error for an id without a session. */
export function unknownSession(id: string): AuthProxyError {
  return new AuthProxyError({
    code: 'SOEN_SESSION_UNKNOWN',
    message: `There is no session ${shownId(id)}.`,
    hint: 'soen session list shows those that are open.',
  })
}

/** The error for a name that has an account already. */
export function takenName(name: string): AuthProxyError {
  return new AuthProxyError({
    code: 'SOEN_USER_EXISTS',
    message: `There is already a user ${JSON.stringify(name)}.`,
    hint: 'Choose another name, or change that account: soen user role, soen user password.',
  })
}

/** Repeats only what looks like an id: anything else may be the secret itself. */
function shownId(id: string): string {
  return /^[0-9A-Za-z]{1,12}$/.test(id) ? JSON.stringify(id) : 'of that id'
}
