import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'

/** An admin's latest unlock of a user or network. */
export interface StoredUnlock {
  /** The key of the lock it lifts: `user ada`, or `network 192.0.2.0/24`. */
  readonly key: string
  /** ISO 8601 in UTC. */
  readonly unlockedAt: string
}

/** Long enough for every front door to read it. */
const keptMs = 24 * 60 * 60_000

/** All recent unlocks. */
export async function listUnlocks(db: Kysely<Schema>): Promise<StoredUnlock[]> {
  const rows = await db.selectFrom('unlocks').selectAll().execute()
  return rows.map(({ key, unlocked_at: unlockedAt }) => ({ key, unlockedAt }))
}

/** Tells every front door to clear its counts, and deletes unlocks that all have read long ago. */
export async function noteUnlocks(
  db: Kysely<Schema>,
  keys: readonly string[],
  now: Date = new Date(),
): Promise<void> {
  const before = new Date(now.getTime() - keptMs).toISOString()
  await db.deleteFrom('unlocks').where('unlocked_at', '<', before).execute()
  const time = { unlocked_at: now.toISOString() }
  for (const key of keys) {
    await db
      .insertInto('unlocks')
      .values({ key, ...time })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(time))
      .execute()
  }
}
