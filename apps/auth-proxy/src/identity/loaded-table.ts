import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'
import type { Store } from '../store/store.ts'

/** One table in memory, reloaded only when it may have changed. */
export class LoadedTable<Held> {
  readonly #name: keyof Schema
  readonly #read: (db: Kysely<Schema>) => Promise<Held>
  #held: Held
  #version: number | undefined

  constructor(name: keyof Schema, empty: Held, read: (db: Kysely<Schema>) => Promise<Held>) {
    this.#name = name
    this.#held = empty
    this.#read = read
  }

  get held(): Held {
    return this.#held
  }

  /**
   * Loads the table if need be and returns a function that applies it, so that tables that changed together are
   * applied together.
   */
  async load(store: Pick<Store, 'version'>, db: Kysely<Schema>): Promise<() => void> {
    // Taken before reading: a change in between leads to another read.
    const version = store.version(this.#name)
    if (version === this.#version) return () => {}
    const held = await this.#read(db)
    return () => {
      this.#held = held
      this.#version = version
    }
  }
}
