import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** The front door's own database, migrated and ready. */
export interface Store extends AsyncDisposable {
  readonly db: Kysely<Schema>
  /**
   * Another text whenever something may have changed, here or in another process. Throws while changes
   * elsewhere could not be heard.
   */
  version(): string
  /** Writes in one transaction; from then on, here and elsewhere, `version` is another one. */
  change<Result>(work: (db: Kysely<Schema>) => Promise<Result>): Promise<Result>
}
