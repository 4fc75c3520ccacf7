import { Refusal } from '../errors/refusals.ts'
import { parseBasic, parseBearer } from './basic-credentials.ts'
import type { Directory } from './directory.ts'
import { LastUsed } from './last-used.ts'
import type { PasswordLogin } from './password-login.ts'
import { claimedName } from './claimed-name.ts'
import type { Attempt, Authenticator, Credential, Principal } from './principal.ts'
import { csrfToken } from './session.ts'
import { hasSignedOut, sessionLogin } from './session-login.ts'
import { readToken } from './token.ts'
import type { TokenReading } from './token.ts'
import { tokenLogin } from './token-login.ts'
import { isSignOutName, roleInForce } from './user.ts'
import type { Account } from './user.ts'

/** The logins that the authenticator combines. */
export interface AuthenticatorOptions {
  readonly directory: Pick<Directory, 'find' | 'findToken' | 'findSession' | 'isEmpty' | 'refresh'>
  readonly logIn: PasswordLogin
  /** Ends the session of a browser that signed out. */
  readonly endSession?: (id: string) => Promise<unknown>
  readonly tokenUse?: LastUsed
  readonly sessionUse?: LastUsed
  readonly now?: () => number
}

const unwritten = async (): Promise<void> => {}

/** Authenticates people and programs by password, token or session, in this order. */
export function buildAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { directory, logIn, endSession = unwritten, now = Date.now } = options
  const { tokenUse = new LastUsed(unwritten), sessionUse = new LastUsed(unwritten) } = options

  return {
    async authenticate(attempt) {
      const fresh = directory.refresh()
      if (fresh !== undefined) await fresh
      if (directory.isEmpty) throw new Refusal('SOEN_NO_USERS')
      if (attempt.authorization !== undefined) return await byHeader(attempt.authorization, attempt)
      return (await bySession(attempt)) ?? refuse('SOEN_LOGIN_MISSING')
    },
    claimed: (attempt) => claimedName(attempt, directory),
  }

  function byHeader(header: string, attempt: Attempt): Principal | Promise<Principal> {
    const bearer = parseBearer(header)
    if (bearer !== undefined) return byToken(readToken(bearer) ?? 'mistyped')
    const typed = parseBasic(header)
    if (typed === undefined) return refuse('SOEN_LOGIN_MALFORMED')
    if (isSignOutName(typed.user)) return signOut(attempt)
    // A token names its own owner, so any user name may stand beside it and a team's configuration stays one line.
    const token = readToken(typed.password)
    if (token !== undefined) return byToken(token)
    if (typed.user === '') return refuse('SOEN_LOGIN_MALFORMED')
    return logIn(typed, attempt.address).then((account) => principal(account, { kind: 'password' }))
  }

  function byToken(reading: TokenReading): Principal {
    const { account, token } = tokenLogin(directory, reading, now())
    tokenUse.add(token.id, now())
    return principal(account, { kind: 'token', id: token.id, name: token.name })
  }

  async function bySession(attempt: Attempt): Promise<Principal | undefined> {
    const found = sessionLogin(attempt, { directory, lastSeen: (id) => sessionUse.get(id), now: now() })
    if (found === undefined) return undefined
    const { account, session, secret } = found
    if (hasSignedOut(attempt)) {
      await endSession(session.id)
      return refuse('SOEN_SIGNED_OUT')
    }
    sessionUse.add(session.id, now())
    return principal(account, { kind: 'session', id: session.id, csrf: csrfToken(secret) })
  }

  /**
   * A sign-out from MLflow's page: it sends a user name that nobody can have, along with the cookie of the session
   * to end.
   */
  async function signOut(attempt: Attempt): Promise<never> {
    const found = sessionLogin(attempt, { directory, lastSeen: (id) => sessionUse.get(id), now: now() })
    if (found !== undefined) await endSession(found.session.id)
    return refuse('SOEN_SIGNED_OUT')
  }
}

function principal(account: Account, credential: Credential): Principal {
  const { name, legacyUntil } = account
  return { name, role: roleInForce(account), credential, isLegacy: legacyUntil !== undefined }
}

function refuse(code: ConstructorParameters<typeof Refusal>[0]): never {
  throw new Refusal(code)
}
