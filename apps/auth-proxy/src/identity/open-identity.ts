import { setLock } from './stored-locks.ts'
import { endSession, noteSessionUse } from './stored-sessions.ts'
import type { Store } from '../store/store.ts'
import { noteTokenUse } from './stored-tokens.ts'
import { noteTrustedNetworks } from './stored-networks.ts'
import { buildAuthenticator } from './authenticator.ts'
import { Directory } from './directory.ts'
import { LastUsed } from './last-used.ts'
import { Lockout } from './lockout.ts'
import { newPasswordHashing } from './new-password.ts'
import type { HashNewPassword } from './new-password.ts'
import { hashingTurnstile, passwordLogin } from './password-login.ts'
import type { PasswordLogin } from './password-login.ts'
import type { Authenticator } from './principal.ts'
import type { Standing } from './standing.ts'
import { TrustedNetworks, trustMs } from './trusted-networks.ts'
import { VerifiedCache } from './verified-cache.ts'

/** Every way to authenticate, over one store. */
export interface Identity extends AsyncDisposable {
  readonly store: Store
  readonly directory: Directory
  readonly authenticator: Authenticator
  readonly logIn: PasswordLogin
  readonly hashNewPassword: HashNewPassword
  /** When a token or session was last used, as far as this process is ahead of the store. */
  readonly lastUsed: (id: string) => string | undefined
  /** The current counts, for the metrics. */
  readonly standing: () => Standing
}

interface Options {
  /** Called with failures outside of any request. */
  readonly onError: (error: unknown) => void
  /** How often last uses are stored. */
  readonly flushMs?: number
}

const day = 24 * 60 * 60_000

/** Loads the store and keeps following it; dispose of it before the store. */
export async function openIdentity(store: Store, options: Options): Promise<Identity> {
  const { onError, flushMs = 60_000 } = options
  const directory = await Directory.open(store, { onError })
  // Stored with the next flush, so that nobody who signs in waits for it.
  const trusted = new TrustedNetworks({
    stored: () => directory.trustedNetworks,
    note: (fresh) => store.change((db) => noteTrustedNetworks(db, fresh, isoBefore(trustMs))),
  })
  const lockout = new Lockout({
    trusted,
    onError,
    stored: () => directory.locks,
    unlocks: () => directory.unlocks,
    keep: (lock) => store.change((db) => setLock(db, lock, isoBefore(day))),
  })
  // The other front doors learn of it, too: a session that is busy here must not count as idle there.
  const tokenUse = new LastUsed((usedAt) => store.change((db) => noteTokenUse(db, usedAt)))
  const sessionUse = new LastUsed((usedAt) => store.change((db) => noteSessionUse(db, usedAt)))
  const flush = async (): Promise<void> => {
    await Promise.all([tokenUse.flush(), sessionUse.flush(), trusted.flush()]).catch(onError)
  }
  const timer = setInterval(() => void flush(), flushMs).unref()
  const [cache, turnstile] = [new VerifiedCache(), hashingTurnstile()]
  const logIn = await passwordLogin({ directory, lockout, cache, turnstile })
  const authenticator = buildAuthenticator({
    directory,
    logIn,
    tokenUse,
    sessionUse,
    endSession: (id) => store.change((db) => endSession(db, id)),
  })
  return {
    store,
    directory,
    authenticator,
    logIn,
    hashNewPassword: newPasswordHashing(turnstile),
    standing() {
      const now = new Date().toISOString()
      return {
        ...directory.counts,
        lockouts: directory.locks.filter(({ until }) => until > now).length,
        hashesRunning: turnstile.running,
        passwordCacheHits: cache.hits,
        passwordCacheMisses: cache.misses,
      }
    },
    lastUsed: (id) => tokenUse.get(id) ?? sessionUse.get(id),
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await flush()
    },
  }
}

function isoBefore(ms: number): string {
  return new Date(Date.now() - ms).toISOString()
}
