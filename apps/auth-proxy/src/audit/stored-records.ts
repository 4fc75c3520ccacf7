import type { Kysely } from 'kysely'
import { lineOf } from './record.ts'
import type { AuditRecord } from './record.ts'
import { addPlaces } from './stored-places.ts'
import type { AuditHeadTable, AuditTable, Schema } from '../store/schema.ts'

/** The indexed columns of a record; derived from the record alone, so that tampering with them shows. */
export function columnsOf(record: AuditRecord): Omit<AuditTable, 'record'> {
  return {
    writer: record.writer,
    seq: record.seq,
    time: record.time,
    request_id: record.requestId ?? null,
    actor: record.actor ?? null,
    action: actionsOf(record).join(' '),
    allowed: record.allowed ? 1 : 0,
    asked: record.asked === true ? 1 : 0,
  }
}

/** In the order of the record's canonical JSON. */
function actionsOf({ action, actions = {} }: AuditRecord): readonly string[] {
  const all = Object.keys(actions)
  return all.length === 0 ? [action] : all.toSorted((one, other) => (one < other ? -1 : 1))
}

/** Stores consecutive records of one chain and the chain's new head; skips those that are stored already. */
export async function addRecords(
  db: Kysely<Schema>,
  records: readonly AuditRecord[],
  folder: string | null = null,
): Promise<void> {
  const last = records.at(-1)
  if (last === undefined) return
  const rows = records.map((record) => ({ ...columnsOf(record), record: lineOf(record) }))
  await db
    .insertInto('audit')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['writer', 'seq']).doNothing())
    .execute()
  const subjects = records.flatMap(({ writer, seq, time, subjects: touched }) =>
    touched.map(({ kind, value }) => ({ kind, value, time, writer, seq })),
  )
  // SQLite allows 32,766 values in one statement.
  for (let start = 0; start < subjects.length; start += 5000) {
    await db
      .insertInto('audit_subjects')
      .values(subjects.slice(start, start + 5000))
      .onConflict((conflict) => conflict.columns(['kind', 'value', 'time', 'writer', 'seq']).doNothing())
      .execute()
  }
  await addPlaces(db, records)
  const { writer, seq, hash, time } = last
  await db
    .insertInto('audit_heads')
    .values({ writer, seq, hash, time, folder })
    .onConflict((conflict) =>
      conflict.column('writer').doUpdateSet({ seq, hash, time }).where('audit_heads.seq', '<', seq),
    )
    .execute()
}

/** The head of each chain, the latest first. */
export function listHeads(db: Kysely<Schema>): Promise<AuditHeadTable[]> {
  return db.selectFrom('audit_heads').selectAll().orderBy('time', 'desc').orderBy('writer').execute()
}

/** Rows of one chain from a number on, for checking. */
export function rowsFrom(
  db: Kysely<Schema>,
  writer: string,
  seq: number,
  limit: number,
): Promise<AuditTable[]> {
  return db
    .selectFrom('audit')
    .selectAll()
    .where('writer', '=', writer)
    .where('seq', '>=', seq)
    .orderBy('seq')
    .limit(limit)
    .execute()
}

/** What the subject table holds about some records, as `subjectKey`s. */
export async function subjectKeys(
  db: Kysely<Schema>,
  writer: string,
  [from, to]: readonly [number, number],
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('audit_subjects')
    .selectAll()
    .where('writer', '=', writer)
    .where('seq', '>=', from)
    .where('seq', '<=', to)
    .execute()
  return new Set(rows.map((row) => subjectKey(row, row)))
}

/** The key of a record's subject, with the time by which it is sorted. */
export function subjectKey(
  { seq, time }: Pick<AuditRecord, 'seq' | 'time'>,
  { kind, value }: { readonly kind: string; readonly value: string },
): string {
  return `${seq} ${time} ${kind} ${value}`
}

/** The head of a chain that several processes write to, locked until the transaction ends. */
export async function nextInChain(
  db: Kysely<Schema>,
  writer: string,
): Promise<{ seq: number; hash: string }> {
  await db
    .insertInto('audit_heads')
    .values({ writer, seq: 0, hash: '', time: '', folder: null })
    .onConflict((conflict) => conflict.column('writer').doNothing())
    .execute()
  // An update, even one that changes nothing, takes the row's lock in every database.
  const { seq, hash } = await db
    .updateTable('audit_heads')
    .set({ writer })
    .where('writer', '=', writer)
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow()
  return { seq, hash }
}
