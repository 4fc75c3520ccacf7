import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'

/** Stores the retention clock's first reading, unless there is one. */
export async function beginClock(db: Kysely<Schema>, time: string): Promise<void> {
  await db
    .insertInto('audit_clock')
    .values({ name: 'retention', time })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
}

/** The retention clock's last stored reading. */
export async function readClock(db: Kysely<Schema>): Promise<string> {
  const { time } = await db
    .selectFrom('audit_clock')
    .select('time')
    .where('name', '=', 'retention')
    .executeTakeFirstOrThrow()
  return time
}

/** Advances it; it never goes back. */
export async function advanceClock(db: Kysely<Schema>, time: string): Promise<void> {
  await db
    .updateTable('audit_clock')
    .set({ time })
    .where('name', '=', 'retention')
    .where('time', '<', time)
    .execute()
}
