import type { Kysely } from 'kysely'
import { dropRecords, listChains, numberBefore } from './stored-chains.ts'
import { addRecords } from './stored-records.ts'
import type { Schema } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import type { Aged, Sink } from './backlog.ts'

/**
 * Stores records in the store's table. Not through `change`: no decision depends on them, so the other front
 * doors need not reload their users.
 */
export function tableSink({ db }: Pick<Store, 'db'>, folder: string | null): Sink {
  return {
    name: 'table',
    append: (records) => db.transaction().execute((transaction) => addRecords(transaction, records, folder)),
    olderThan: (time) => agedBy(db, time),
    drop: (upTo) => dropRecords(db, upTo),
    close: async () => {},
  }
}

async function agedBy(db: Kysely<Schema>, time: string): Promise<Aged> {
  const old: Record<string, number> = {}
  const gone: Record<string, number> = {}
  for (const chain of await listChains(db)) {
    const { writer, first } = chain
    if (first > 1) gone[writer] = first - 1
    if (chain.time < time) old[writer] = await numberBefore(db, chain, time)
  }
  return { old, gone }
}
