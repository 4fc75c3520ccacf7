import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'

/** A lock against guessing passwords. */
export interface StoredLock {
  /** What it locks, for instance `pair ada 192.0.2.0/24`. */
  readonly key: string
  /** How often it was set: each time it lasts longer. */
  readonly strikes: number
  /** ISO 8601 in UTC. */
  readonly until: string
}

/** All locks, including those that have ended: the next one lasts longer because of them. */
export function listLocks(db: Kysely<Schema>): Promise<StoredLock[]> {
  return db.selectFrom('locks').selectAll().execute()
}

/** The limit here and in memory: guesses at ever new names must not fill either. */
export const maxLocks: number = 10_000

/** Stores a lock; deletes those that ended before this time and, beyond the limit, those that end first. */
export async function setLock(
  db: Kysely<Schema>,
  lock: StoredLock,
  forgetBefore: string,
  atMost: number = maxLocks,
): Promise<void> {
  const { key, strikes, until } = lock
  await db.deleteFrom('locks').where('until', '<', forgetBefore).execute()
  await db
    .insertInto('locks')
    .values({ key, strikes, until })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ strikes, until }))
    .execute()
  const byEnd = db.selectFrom('locks').select('until').orderBy('until', 'desc')
  const tooMany = await byEnd.limit(1).offset(atMost).executeTakeFirst()
  if (tooMany) await db.deleteFrom('locks').where('until', '<=', tooMany.until).execute()
}

/** Lifts locks; returns how many there were. */
export async function liftLocks(db: Kysely<Schema>, keys: readonly string[]): Promise<number> {
  if (keys.length === 0) return 0
  const { numDeletedRows } = await db.deleteFrom('locks').where('key', 'in', keys).executeTakeFirst()
  return Number(numDeletedRows)
}
