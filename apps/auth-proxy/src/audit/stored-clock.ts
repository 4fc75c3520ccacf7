import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'

/** Begins the time by which records grow old, unless it has begun. */
export async function beginClock(db: Kysely<Schema>, time: string): Promise<void> {
  await db
    .insertInto('audit_clock')
    .values({ name: 'retention', time })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
}

/** How far that time has come. */
export async function readClock(db: Kysely<Schema>): Promise<string> {
  const { time } = await db
    .selectFrom('audit_clock')
    .select('time')
    .where('name', '=', 'retention')
    .executeTakeFirstOrThrow()
  return time
}

/** Sets it on; never back. */
export async function advanceClock(db: Kysely<Schema>, time: string): Promise<void> {
  await db
    .updateTable('audit_clock')
    .set({ time })
    .where('name', '=', 'retention')
    .where('time', '<', time)
    .execute()
}
