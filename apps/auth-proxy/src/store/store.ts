import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** The front door's own database, migrated and ready. */
export interface Store extends AsyncDisposable {
  readonly db: Kysely<Schema>
  /** Reads for somebody who asked; a database that fails is a `Refusal`. */
  read<Result>(work: (db: Kysely<Schema>) => Promise<Result>): Promise<Result>
  /**
   * Grows whenever something may have changed, here or in another process; of one table, when that one may have.
   * Throws while changes elsewhere could not be heard.
   */
  version(table?: keyof Schema): number
  /** Writes in one transaction; from then on, here and elsewhere, `version` is a larger one; a database that fails is a `Refusal`. */
  change<Result>(work: (db: Kysely<Schema>) => Promise<Result>): Promise<Result>
}
