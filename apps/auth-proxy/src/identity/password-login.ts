import { randomBytes } from 'node:crypto'
import { Refusal } from '../errors/refusals.ts'
import type { Credentials } from './basic-credentials.ts'
import type { Directory } from './directory.ts'
import type { Lockout } from './lockout.ts'
import { networkOf } from './network.ts'
import { hashPassword, verifyPassword } from './password-hash.ts'
import { maxPasswordBytes, normalizePassword } from './password-rules.ts'
import { FairTurnstile } from './fair-turnstile.ts'
import { isInForce, normalizeName } from './user.ts'
import type { Account } from './user.ts'
import { VerifiedCache } from './verified-cache.ts'

/** What the login by name and password builds on. */
export interface PasswordLoginOptions {
  readonly directory: Pick<Directory, 'find'>
  readonly lockout: Pick<Lockout, 'check' | 'failed' | 'succeeded' | 'trusts'>
  readonly cache?: VerifiedCache
  readonly turnstile?: FairTurnstile
  readonly verify?: (password: string, phc: string) => Promise<boolean>
  /** The wall clock, for dates that people set. */
  readonly wallNow?: () => number
}

/** Finds the account with this name and password; throws a `Refusal` when there is none. */
export type PasswordLogin = (typed: Credentials, address: string) => Promise<Account>

/** Checks names and passwords against the directory: by a slow hash once, then from a cache. */
export async function passwordLogin(options: PasswordLoginOptions): Promise<PasswordLogin> {
  const { directory, lockout, cache = new VerifiedCache(), verify = verifyPassword } = options
  const { turnstile = hashingTurnstile(), wallNow = Date.now } = options
  const underWay = new Map<string, Promise<boolean>>()
  // An unknown name must take as long as a known one, or response times would reveal who has an account.
  const decoy = await hashPassword(randomBytes(32).toString('base64'))

  return async (typed, address) => {
    const credentials = normalize(typed)
    const network = networkOf(address)
    lockout.check(credentials.user, network)
    const account = directory.find(credentials.user)
    await verifyOrRefuse(credentials, account?.passwordHash, network)
    // Hashing takes a while; an account that was deleted or changed meanwhile must not be let in by its old
    // password.
    const current = directory.find(credentials.user)
    if (current?.passwordHash === undefined || current.passwordHash !== account?.passwordHash) {
      throw new Refusal('SOEN_LOGIN_WRONG')
    }
    // Revealed only to somebody who knows the password.
    if (!isInForce(current, wallNow())) throw new Refusal('SOEN_LOGIN_ENDED')
    return current
  }

  async function verifyOrRefuse(
    credentials: Credentials,
    passwordHash: string | undefined,
    network: string,
  ): Promise<void> {
    const key = cache.keyOf(credentials, passwordHash ?? decoy)
    if (passwordHash !== undefined && cache.has(key)) return
    const isRight =
      !cache.isWrong(key) &&
      (await (underWay.get(key) ?? startCheck(key, credentials, passwordHash ?? decoy, network)))
    if (!isRight || passwordHash === undefined) {
      cache.addWrong(key)
      lockout.failed(credentials.user, network, key)
      throw new Refusal('SOEN_LOGIN_WRONG')
    }
    cache.add(key)
    lockout.succeeded(credentials.user, network)
  }

  function startCheck(
    key: string,
    { user, password }: Credentials,
    passwordHash: string,
    network: string,
  ): Promise<boolean> {
    const isKnown = lockout.trusts(user, network)
    const lane = { isKnown, name: isKnown ? `${user} ${network}` : network }
    const check = turnstile.enter(() => verify(password, passwordHash), lane)
    if (check === undefined) throw new Refusal('SOEN_LOGIN_BUSY')
    const forgotten = check.finally(() => underWay.delete(key))
    underWay.set(key, forgotten)
    return forgotten
  }
}

/** Two hashes at once leave the other threads of Node's pool to files and DNS. */
export function hashingTurnstile(): FairTurnstile {
  return new FairTurnstile({ slots: 2, maxPerLane: 4, maxLanes: 64 })
}

function normalize({ user, password: typed }: Credentials): Credentials {
  const password = normalizePassword(typed)
  if (Buffer.byteLength(password) > maxPasswordBytes) throw new Refusal('SOEN_LOGIN_WRONG')
  return { user: normalizeName(user), password }
}
