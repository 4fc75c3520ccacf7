import { addRecords, dropRecords, numbersBefore } from '../store/audit.ts'
import type { Store } from '../store/store.ts'
import type { Sink } from './backlog.ts'

/**
 * Keeps records in the store's table. Not by `change`: nobody decides by them, so no other front door has to
 * read its users anew.
 */
export function tableSink({ db }: Pick<Store, 'db'>, folder: string | null): Sink {
  return {
    name: 'table',
    append: (records) => db.transaction().execute((transaction) => addRecords(transaction, records, folder)),
    olderThan: (time) => numbersBefore(db, time),
    drop: (upTo) => db.transaction().execute((transaction) => dropRecords(transaction, upTo)),
    close: async () => {},
  }
}
