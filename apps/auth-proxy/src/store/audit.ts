import { sql } from 'kysely'
import type { Kysely, RawBuilder, SelectQueryBuilder } from 'kysely'
import { lineOf, readLine } from '../audit/record.ts'
import type { AuditRecord } from '../audit/record.ts'
import type { AuditFilter } from '../audit/filter.ts'
import type { AuditHeadTable, AuditTable, Schema } from './schema.ts'

/** Columns by which a record is found; made from the record alone, so that a change of them shows. */
export function columnsOf(record: AuditRecord): AuditTable {
  return {
    ...{ writer: record.writer, seq: record.seq, time: record.time },
    request_id: record.requestId ?? null,
    actor: record.actor ?? null,
    action: actionsOf(record).join(' '),
    allowed: record.allowed ? 1 : 0,
    asked: record.asked === true ? 1 : 0,
    record: lineOf(record),
  }
}

/** In the order in which they stand in the record's one spelling. */
function actionsOf({ action, actions = {} }: AuditRecord): readonly string[] {
  const all = Object.keys(actions)
  return all.length === 0 ? [action] : all.toSorted((one, other) => (one < other ? -1 : 1))
}

/** Keeps records of one chain, in order, and how far it has come; what is there already stays. */
export async function addRecords(
  db: Kysely<Schema>,
  records: readonly AuditRecord[],
  folder: string | null = null,
): Promise<void> {
  const last = records.at(-1)
  if (last === undefined) return
  const rows = records.map(columnsOf)
  await db
    .insertInto('audit')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['writer', 'seq']).doNothing())
    .execute()
  const subjects = records.flatMap(({ writer, seq, subjects: touched }) =>
    touched.map(({ kind, value }) => ({ kind, value, writer, seq })),
  )
  // SQLite takes 32,766 values in one statement.
  for (let start = 0; start < subjects.length; start += 5000) {
    await db
      .insertInto('audit_subjects')
      .values(subjects.slice(start, start + 5000))
      .onConflict((conflict) => conflict.columns(['kind', 'value', 'writer', 'seq']).doNothing())
      .execute()
  }
  const { writer, seq, hash, time } = last
  await db
    .insertInto('audit_heads')
    .values({ writer, seq, hash, time, folder })
    .onConflict((conflict) =>
      conflict.column('writer').doUpdateSet({ seq, hash, time }).where('audit_heads.seq', '<', seq),
    )
    .execute()
}

/** Where a page of records ends, for the next one. */
export interface AuditPosition {
  readonly time: string
  readonly writer: string
  readonly seq: number
}

/** Records, the newest first, from behind a position on. What was asked is left out once its outcome is there. */
export async function findRecords(
  db: Kysely<Schema>,
  filter: AuditFilter,
  { limit, after }: { readonly limit: number; readonly after?: AuditPosition | undefined },
): Promise<AuditRecord[]> {
  const base = filtered(db.selectFrom('audit').selectAll('audit'), filter)
  const place = sql`(audit.time, audit.writer, audit.seq)`
  const from =
    after === undefined
      ? base
      : base.where(sql<boolean>`${place} < (${after.time}, ${after.writer}, ${after.seq})`)
  const rows = await from
    .orderBy('audit.time', 'desc')
    .orderBy('audit.writer', 'desc')
    .orderBy('audit.seq', 'desc')
    .limit(limit)
    .execute()
  return rows.flatMap(({ record }) => readLine(record) ?? [])
}

/** Records of one chain behind a number that fit a filter, the oldest first. */
export async function followRecords(
  db: Kysely<Schema>,
  filter: AuditFilter,
  { writer, seq }: Pick<AuditPosition, 'writer' | 'seq'>,
): Promise<AuditRecord[]> {
  const rows = await filtered(db.selectFrom('audit').selectAll('audit'), filter)
    .where('audit.writer', '=', writer)
    .where('audit.seq', '>', seq)
    .orderBy('audit.seq')
    .limit(1000)
    .execute()
  return rows.flatMap(({ record }) => readLine(record) ?? [])
}

/** How far each chain has come, the latest first. */
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

/** Names of all chains that have records, also those whose head is gone. */
export async function listWriters(db: Kysely<Schema>): Promise<string[]> {
  const rows = await db.selectFrom('audit').select('writer').distinct().orderBy('writer').execute()
  return rows.map(({ writer }) => writer)
}

/** What the subject table says about some records, as `seq kind value`. */
export async function subjectKeys(
  db: Kysely<Schema>,
  writer: string,
  [from, to]: readonly [number, number],
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('audit_subjects')
    .selectAll()
    .where('writer', '=', writer)
    .where('seq', '>=', from)
    .where('seq', '<=', to)
    .execute()
  return new Set(rows.map(({ seq, kind, value }) => `${seq} ${kind} ${value}`))
}

/** Of each chain the number up to which its records are older than a time. */
export async function numbersBefore(db: Kysely<Schema>, time: string): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('audit')
    .select(({ fn }) => ['writer', fn.max('seq').as('seq')])
    .where('time', '<', time)
    .groupBy('writer')
    .execute()
  return Object.fromEntries(rows.map(({ writer, seq }) => [writer, seq]))
}

/** Forgets the first records of some chains, and the chains of which nothing is left. */
export async function dropRecords(db: Kysely<Schema>, upTo: Readonly<Record<string, number>>): Promise<void> {
  for (const [writer, seq] of Object.entries(upTo)) {
    await db.deleteFrom('audit').where('writer', '=', writer).where('seq', '<=', seq).execute()
    await db.deleteFrom('audit_subjects').where('writer', '=', writer).where('seq', '<=', seq).execute()
    await db.deleteFrom('audit_heads').where('writer', '=', writer).where('seq', '<=', seq).execute()
  }
}

type Query = SelectQueryBuilder<Schema, 'audit', AuditTable>

function filtered(query: Query, { subjects, actor, action, isDenied, since, until }: AuditFilter): Query {
  const outcome = sql<boolean>`NOT (audit.asked = 1 AND EXISTS (
    SELECT 1 FROM audit AS outcome WHERE outcome.request_id = audit.request_id AND outcome.asked = 0))`
  let result = query.where(outcome)
  for (const { kind, value } of subjects ?? []) {
    const wanted = sql`subject.kind = ${kind} AND subject.value = ${value}`
    const wantedOrIn = kind === 'experiment' ? sql`(${wanted} OR ${isRunOf(value)})` : wanted
    result = result.where(sql<boolean>`EXISTS (SELECT 1 FROM audit_subjects AS subject
      WHERE ${wantedOrIn} AND subject.writer = audit.writer AND subject.seq = audit.seq)`)
  }
  if (actor !== undefined) result = result.where('audit.actor', '=', actor)
  if (action !== undefined) {
    result = result.where(sql<boolean>`LOWER(audit.action) LIKE ${`%${escapeLike(action)}%`} ESCAPE '!'`)
  }
  if (isDenied === true) result = result.where('audit.allowed', '=', 0)
  if (since !== undefined) result = result.where('audit.time', '>=', since)
  if (until !== undefined) result = result.where('audit.time', '<', until)
  return result
}

/** Most requests about a run do not say where it is: what was allowed with both is known from then on, and before. */
function isRunOf(experiment: string): RawBuilder<boolean> {
  return sql<boolean>`subject.kind = 'run' AND subject.value IN (
    SELECT run.value FROM audit_subjects AS place
    JOIN audit_subjects AS run ON run.writer = place.writer AND run.seq = place.seq AND run.kind = 'run'
    JOIN audit AS proof ON proof.writer = place.writer AND proof.seq = place.seq AND proof.allowed = 1
    WHERE place.kind = 'experiment' AND place.value = ${experiment})`
}

function escapeLike(text: string): string {
  return text.toLowerCase().replaceAll(/[!%_]/g, '!$&')
}

/** How a chain ends that several processes write, locked until the transaction is over. */
export async function nextInChain(
  db: Kysely<Schema>,
  writer: string,
): Promise<{ seq: number; hash: string }> {
  await db
    .insertInto('audit_heads')
    .values({ writer, seq: 0, hash: '', time: '', folder: null })
    .onConflict((conflict) => conflict.column('writer').doNothing())
    .execute()
  // Writing, even nothing new, takes the row's lock in every database.
  const { seq, hash } = await db
    .updateTable('audit_heads')
    .set({ writer })
    .where('writer', '=', writer)
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow()
  return { seq, hash }
}
