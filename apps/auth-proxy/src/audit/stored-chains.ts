import { setImmediate } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'

/** The records of a chain that are in the table. */
export interface ChainSpan {
  readonly writer: string
  readonly first: number
  readonly last: number
  /** Of its first record (ISO 8601). */
  readonly time: string
}

/** How many records are examined or deleted before the event loop gets a turn. */
const stepSize = 500

/** All chains that have records, including those whose head is gone. */
export async function listChains(db: Kysely<Schema>): Promise<ChainSpan[]> {
  const chains: ChainSpan[] = []
  // Steps from chain to chain through the key: DISTINCT would read every record of each.
  for (let writer: string | undefined; ;) {
    const begin = await db
      .selectFrom('audit')
      .select(['writer', 'seq', 'time'])
      .$if(writer !== undefined, (query) => query.where('writer', '>', writer ?? ''))
      .orderBy('writer')
      .orderBy('seq')
      .limit(1)
      .executeTakeFirst()
    if (begin === undefined) return chains
    const end = await db
      .selectFrom('audit')
      .select('seq')
      .where('writer', '=', begin.writer)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    chains.push({ writer: begin.writer, first: begin.seq, last: end?.seq ?? begin.seq, time: begin.time })
    writer = begin.writer
    await setImmediate()
  }
}

/** The number before a chain's first record that is not older than a time. */
export async function numberBefore(
  db: Kysely<Schema>,
  { writer, first, last }: ChainSpan,
  time: string,
): Promise<number> {
  for (let from = first; ;) {
    const rows = await db
      .selectFrom('audit')
      .select(['seq', 'time'])
      .where('writer', '=', writer)
      .where('seq', '>=', from)
      .orderBy('seq')
      .limit(stepSize)
      .execute()
    const young = rows.find((row) => row.time >= time)
    if (young !== undefined) return young.seq - 1
    const end = rows.at(-1)
    if (end === undefined) return last
    from = end.seq + 1
    await setImmediate()
  }
}

/** Deletes the leading records of some chains, a step at a time, and chains that are then empty. */
export async function dropRecords(db: Kysely<Schema>, upTo: Readonly<Record<string, number>>): Promise<void> {
  for (const [writer, last] of Object.entries(upTo)) {
    for (let end = 0; end < last;) {
      const next = await db
        .selectFrom('audit')
        .select('seq')
        .where('writer', '=', writer)
        .orderBy('seq')
        .limit(1)
        .executeTakeFirst()
      end = next === undefined ? last : Math.min(next.seq + stepSize - 1, last)
      await db.transaction().execute((transaction) => dropUpTo(transaction, writer, end))
      await setImmediate()
    }
  }
}

async function dropUpTo(db: Kysely<Schema>, writer: string, seq: number): Promise<void> {
  await db.deleteFrom('audit').where('writer', '=', writer).where('seq', '<=', seq).execute()
  await db.deleteFrom('audit_subjects').where('writer', '=', writer).where('seq', '<=', seq).execute()
  await db.deleteFrom('audit_heads').where('writer', '=', writer).where('seq', '<=', seq).execute()
}
