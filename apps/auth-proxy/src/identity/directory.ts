import type { Store } from '../store/store.ts'
import { listLocks } from './stored-locks.ts'
import type { StoredLock } from './stored-locks.ts'
import { listSessions } from './stored-sessions.ts'
import type { StoredSession } from './stored-sessions.ts'
import { listTokens } from './stored-tokens.ts'
import type { StoredToken } from './stored-tokens.ts'
import { listTrustedNetworks } from './stored-networks.ts'
import type { TrustedNetwork } from './stored-networks.ts'
import { listUnlocks } from './stored-unlocks.ts'
import type { StoredUnlock } from './stored-unlocks.ts'
import { listUsers } from './stored-users.ts'
import { Refusal } from '../errors/refusals.ts'
import type { Account } from './user.ts'

interface DirectoryOptions {
  /** Hears why the store cannot be read. */
  readonly onError: (error: unknown) => void
  /** For how long the last known state is in force when it cannot be read anew. */
  readonly graceMs?: number
  /** Milliseconds that no change of the wall clock moves. */
  readonly now?: () => number
}

interface Contents {
  readonly users: ReadonlyMap<string, Account>
  readonly tokens: ReadonlyMap<string, StoredToken>
  /** By the digest of the cookie's value. */
  readonly sessions: ReadonlyMap<string, StoredSession>
  readonly locks: readonly StoredLock[]
  readonly unlocks: readonly StoredUnlock[]
  readonly trustedNetworks: readonly TrustedNetwork[]
}

const nothing: Contents = {
  ...{ users: new Map(), tokens: new Map(), sessions: new Map() },
  ...{ locks: [], unlocks: [], trustedNetworks: [] },
}

/** Everybody who may come in, and by what, in memory: a request asks the database for nothing. */
export class Directory {
  readonly #store: Store
  readonly #options: Required<DirectoryOptions>
  #contents: Contents = nothing
  #version: string | undefined
  #knownAt = 0
  #reading: Promise<void> | undefined

  private constructor(store: Store, { onError, graceMs = 60_000, now }: DirectoryOptions) {
    this.#store = store
    this.#options = { onError, graceMs, now: now ?? (() => performance.now()) }
  }

  /** Reads everything; unlike later, a store that cannot be read is an error. */
  static async open(store: Store, options: DirectoryOptions): Promise<Directory> {
    const directory = new Directory(store, options)
    await directory.#catchUp()
    return directory
  }

  /**
   * Notices what other processes changed: an account or token is good, or gone, from the very next request.
   * Where nothing changed it costs a look at a counter.
   *
   * While the store is away the last known state stays in force for a minute, so that a restart of the
   * database stops no training; longer than that a revoked token could be let in, so nobody is.
   */
  async refresh(): Promise<void> {
    try {
      await this.#catchUp()
    } catch (error) {
      this.#options.onError(error)
      if (this.#options.now() - this.#knownAt > this.#options.graceMs) {
        throw new Refusal('SOEN_STATE_AWAY', error)
      }
    }
  }

  get isEmpty(): boolean {
    return this.#contents.users.size === 0
  }

  /** How many there are of each. */
  get counts(): { readonly users: number; readonly tokens: number; readonly sessions: number } {
    const { users, tokens, sessions } = this.#contents
    return { users: users.size, tokens: tokens.size, sessions: sessions.size }
  }

  find(name: string): Account | undefined {
    return this.#contents.users.get(name)
  }

  findToken(id: string): StoredToken | undefined {
    return this.#contents.tokens.get(id)
  }

  findSession(sha256: string): StoredSession | undefined {
    return this.#contents.sessions.get(sha256)
  }

  get locks(): readonly StoredLock[] {
    return this.#contents.locks
  }

  get unlocks(): readonly StoredUnlock[] {
    return this.#contents.unlocks
  }

  get trustedNetworks(): readonly TrustedNetwork[] {
    return this.#contents.trustedNetworks
  }

  async #catchUp(): Promise<void> {
    // One reader at a time: an older answer must never replace a newer one.
    while (this.#store.version() !== this.#version) {
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined))
      await this.#reading
    }
    this.#knownAt = this.#options.now()
  }

  async #read(): Promise<void> {
    // Taken before reading: a change in between is read again.
    const version = this.#store.version()
    const { db } = this.#store
    const users = await listUsers(db)
    const [tokens, sessions, locks] = [await listTokens(db), await listSessions(db), await listLocks(db)]
    const [unlocks, trustedNetworks] = [await listUnlocks(db), await listTrustedNetworks(db)]
    this.#contents = {
      users: new Map(users.map((user) => [user.name, user])),
      tokens: new Map(tokens.map((token) => [token.id, token])),
      sessions: new Map(sessions.map((session) => [session.sha256, session])),
      ...{ locks, unlocks, trustedNetworks },
    }
    this.#version = version
  }
}
