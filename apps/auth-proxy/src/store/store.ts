import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** The front door's own database, migrated and ready. */
export interface Store extends AsyncDisposable {
  readonly db: Kysely<Schema>
  /** Reads for a request; throws a `Refusal` when the database fails. */
  read<Result>(work: (db: Kysely<Schema>) => Promise<Result>): Promise<Result>
  /**
   * Grows whenever something may have changed, here or in another process; given a table, only when that one may
   * have. Throws while changes by others cannot be noticed.
   */
  version(table?: keyof Schema): number
  /**
   * Writes in one transaction and increases `version`, here and in other processes; throws a `Refusal` when the
   * database fails.
   */
  change<Result>(work: (db: Kysely<Schema>) => Promise<Result>): Promise<Result>
}
