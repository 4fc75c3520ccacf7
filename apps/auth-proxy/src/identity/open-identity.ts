import { setLock } from '../store/locks.ts'
import { endSession, noteSessionUse } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { noteTokenUse } from '../store/tokens.ts'
import { buildAuthenticator } from './authenticator.ts'
import { Directory } from './directory.ts'
import { LastUsed } from './last-used.ts'
import { Lockout } from './lockout.ts'
import { hashingTurnstile, passwordLogin } from './password-login.ts'
import type { PasswordLogin } from './password-login.ts'
import type { Authenticator } from './principal.ts'
import { VerifiedCache } from './verified-cache.ts'
import type { Standing } from '../operation/metrics.ts'

/** All ways to be known, over one store. */
export interface Identity extends AsyncDisposable {
  readonly store: Store
  readonly directory: Directory
  readonly authenticator: Authenticator
  readonly logIn: PasswordLogin
  /** When a token or session was used last, as far as this process knows better than the store. */
  readonly lastUsed: (id: string) => string | undefined
  /** How many there are of everything, for the figures. */
  readonly standing: () => Standing
}

interface Options {
  /** Hears what failed off the way of any request. */
  readonly onError: (error: unknown) => void
  /** How often uses are written down. */
  readonly flushMs?: number
}

const day = 24 * 60 * 60_000

/** Reads the store and keeps following it; dispose of it before the store. */
export async function openIdentity(store: Store, options: Options): Promise<Identity> {
  const { onError, flushMs = 60_000 } = options
  const directory = await Directory.open(store, { onError })
  const lockout = new Lockout({
    stored: () => directory.locks,
    keep: (lock) => store.change((db) => setLock(db, lock, new Date(Date.now() - day).toISOString())),
    onError,
  })
  // Told to the others too: a session that is busy there must not count as idle here.
  const tokenUse = new LastUsed((usedAt) => store.change((db) => noteTokenUse(db, usedAt)))
  const sessionUse = new LastUsed((usedAt) => store.change((db) => noteSessionUse(db, usedAt)))
  const flush = async (): Promise<void> => {
    await Promise.all([tokenUse.flush(), sessionUse.flush()]).catch(onError)
  }
  const timer = setInterval(() => void flush(), flushMs).unref()
  const [cache, turnstile] = [new VerifiedCache(), hashingTurnstile()]
  const logIn = await passwordLogin({ directory, lockout, cache, turnstile })
  const authenticator = buildAuthenticator({
    ...{ directory, logIn, tokenUse, sessionUse },
    endSession: (id) => store.change((db) => endSession(db, id)),
  })
  return {
    ...{ store, directory, authenticator, logIn },
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
