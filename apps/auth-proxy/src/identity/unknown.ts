import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import { tokenIdIn } from './token.ts'

/** There is no account of that name. */
export function unknownUser(name: string): AuthProxyError {
  return new AuthProxyError({
    code: 'SOEN_USER_UNKNOWN',
    message: `There is no user ${JSON.stringify(name)}.`,
    hint: 'soen user list shows all of them.',
  })
}

/** There is no token of that id. */
export function unknownToken(id: string): AuthProxyError {
  return new AuthProxyError({
    code: 'SOEN_TOKEN_UNKNOWN',
    message: `There is no token ${shownId(tokenIdIn(id))}.`,
    hint: 'soen token list shows the ids; a token itself is soen_ID_SECRET.',
  })
}

/** There is no session of that id. */
export function unknownSession(id: string): AuthProxyError {
  return new AuthProxyError({
    code: 'SOEN_SESSION_UNKNOWN',
    message: `There is no session ${shownId(id)}.`,
    hint: 'soen session list shows those that are open.',
  })
}

/** There is an account of that name already. */
export function takenName(name: string): AuthProxyError {
  return new AuthProxyError({
    code: 'SOEN_USER_EXISTS',
    message: `There is already a user ${JSON.stringify(name)}.`,
    hint: 'Choose another name, or change that account: soen user role, soen user password.',
  })
}

/** Only what looks like an id is repeated: anything else may be the secret itself. */
function shownId(id: string): string {
  return /^[0-9A-Za-z]{1,12}$/.test(id) ? JSON.stringify(id) : 'of that id'
}
