import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'
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
import { LoadedTable } from './loaded-table.ts'
import type { Account } from './user.ts'

interface DirectoryOptions {
  /** Called when the store cannot be read. */
  readonly onError: (error: unknown) => void
  /** How long the last known state stays in force while the store cannot be read. */
  readonly graceMs?: number
  /** Monotonic milliseconds, which no change of the wall clock moves. */
  readonly now?: () => number
}

/** All accounts, tokens, sessions and locks in memory, so that a request needs no database query. */
export class Directory {
  readonly #store: Store
  readonly #options: Required<DirectoryOptions>
  readonly #users = loaded('users', listUsers, ({ name }) => name)
  readonly #tokens = loaded('tokens', listTokens, ({ id }) => id)
  /** Keyed by the digest of the cookie's value. */
  readonly #sessions = loaded('sessions', listSessions, ({ sha256 }) => sha256)
  readonly #locks = new LoadedTable<readonly StoredLock[]>('locks', [], listLocks)
  readonly #unlocks = new LoadedTable<readonly StoredUnlock[]>('unlocks', [], listUnlocks)
  readonly #networks = new LoadedTable<readonly TrustedNetwork[]>('trusted_networks', [], listTrustedNetworks)
  #version: number | undefined
  #knownAt = 0
  #reading: Promise<void> | undefined

  private constructor(store: Store, { onError, graceMs = 60_000, now }: DirectoryOptions) {
    this.#store = store
    this.#options = { onError, graceMs, now: now ?? (() => performance.now()) }
  }

  /** Loads everything; here, unlike later, a store that cannot be read is an error. */
  static async open(store: Store, options: DirectoryOptions): Promise<Directory> {
    const directory = new Directory(store, options)
    await directory.#catchUp()
    return directory
  }

  /**
   * Picks up what other processes changed: an account or token is valid, or revoked, from the very next request.
   * Where nothing changed this costs a look at a counter and returns undefined.
   *
   * While the store is away the last known state stays in force for a minute, so that a restart of the database
   * stops no training; after that everybody is refused, because a revoked token could be let in.
   */
  refresh(): Promise<void> | undefined {
    return this.#isCurrent() ? undefined : this.#tryToCatchUp()
  }

  async #tryToCatchUp(): Promise<void> {
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
    return this.#users.held.size === 0
  }

  /** The number of each. */
  get counts(): { readonly users: number; readonly tokens: number; readonly sessions: number } {
    return {
      users: this.#users.held.size,
      tokens: this.#tokens.held.size,
      sessions: this.#sessions.held.size,
    }
  }

  find(name: string): Account | undefined {
    return this.#users.held.get(name)
  }

  findToken(id: string): StoredToken | undefined {
    return this.#tokens.held.get(id)
  }

  findSession(sha256: string): StoredSession | undefined {
    return this.#sessions.held.get(sha256)
  }

  get locks(): readonly StoredLock[] {
    return this.#locks.held
  }

  get unlocks(): readonly StoredUnlock[] {
    return this.#unlocks.held
  }

  get trustedNetworks(): readonly TrustedNetwork[] {
    return this.#networks.held
  }

  /** False also when the store cannot be reached: the caller's own attempt to read it then reports the error. */
  #isCurrent(): boolean {
    try {
      if (this.#store.version() !== this.#version) return false
    } catch {
      return false
    }
    this.#knownAt = this.#options.now()
    return true
  }

  async #catchUp(): Promise<void> {
    // One reader at a time: an older result must never replace a newer one.
    while (this.#store.version() !== this.#version) {
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined))
      await this.#reading
    }
    this.#knownAt = this.#options.now()
  }

  async #read(): Promise<void> {
    const version = this.#store.version()
    const { db } = this.#store
    const tables = [this.#users, this.#tokens, this.#sessions, this.#locks, this.#unlocks, this.#networks]
    const loads: (() => void)[] = []
    for (const table of tables) loads.push(await table.load(this.#store, db))
    for (const putInForce of loads) putInForce()
    this.#version = version
  }
}

function loaded<Row>(
  name: keyof Schema,
  list: (db: Kysely<Schema>) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): LoadedTable<ReadonlyMap<string, Row>> {
  return new LoadedTable(name, new Map(), async (db) => {
    const rows = await list(db)
    return new Map(rows.map((row) => [keyOf(row), row]))
  })
}
