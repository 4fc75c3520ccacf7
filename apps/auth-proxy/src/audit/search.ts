import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Kysely, RawBuilder, SelectQueryBuilder } from 'kysely'
import type { AuditFilter, AuditPosition } from './filter.ts'
import { readLine } from './record.ts'
import type { AuditRecord } from './record.ts'
import type { AuditTable, Schema } from '../store/schema.ts'

type Query = SelectQueryBuilder<Schema, 'audit', AuditTable>

/** Sorts before every record of the same time. */
const beginning = { writer: '', seq: 0 } as const
/**
 * How many records are examined before the event loop gets a turn: SQLite's calls are synchronous and block
 * everybody else.
 */
const stepSize = 500
/** An experiment with more records than this is searched faster by scanning all records. */
const few = 1000

/**
 * Matching records, the newest first, starting behind a position. A record of intent (`asked`) is left out
 * once its outcome is stored. Scans the candidates in an index's order, a step at a time, until enough match.
 */
export async function findRecords(
  db: Kysely<Schema>,
  filter: AuditFilter,
  { limit, after }: { readonly limit: number; readonly after?: AuditPosition | undefined },
): Promise<AuditRecord[]> {
  const found: AuditTable[] = []
  const offered = (await fewOfExperiment(db, filter)) ?? offeredBy(filter)
  // Bounds in time are positions as well: given two bounds at the same end, SQLite would use the index for one only.
  const first = filter.since === undefined ? undefined : { ...beginning, time: filter.since }
  const { until } = filter
  const isBehind = until === undefined || (after !== undefined && after.time < until)
  for (let from = isBehind ? after : { ...beginning, time: until }; ;) {
    const { rows: ends } = await sql<AuditPosition>`SELECT time, writer, seq FROM ${offered} AS offer
      WHERE ${between(first, from)}
      ORDER BY time DESC, writer DESC, seq DESC LIMIT 1 OFFSET ${stepSize - 1}`.execute(db)
    const [end] = ends
    const rows = await fitting(db.selectFrom('audit').selectAll('audit'), filter)
      .innerJoin(sql<AuditPosition>`${offered}`.as('offer'), (join) =>
        join.onRef('audit.writer', '=', 'offer.writer').onRef('audit.seq', '=', 'offer.seq'),
      )
      .where(between(end ?? first, from))
      .orderBy('offer.time', 'desc')
      .orderBy('offer.writer', 'desc')
      .orderBy('offer.seq', 'desc')
      .limit(limit - found.length)
      .execute()
    found.push(...rows)
    if (found.length === limit || end === undefined) return read(found)
    from = end
    await setImmediate()
  }
}

/** Matching records of one chain after a number, the oldest first. */
export async function followRecords(
  db: Kysely<Schema>,
  filter: AuditFilter,
  { writer, seq }: Pick<AuditPosition, 'writer' | 'seq'>,
): Promise<AuditRecord[]> {
  const rows = await fitting(db.selectFrom('audit').selectAll('audit'), filter)
    .where('audit.writer', '=', writer)
    .where('audit.seq', '>', seq)
    .$if(filter.since !== undefined, (query) => query.where('audit.time', '>=', filter.since ?? ''))
    .$if(filter.until !== undefined, (query) => query.where('audit.time', '<', filter.until ?? ''))
    .orderBy('audit.seq')
    .limit(1000)
    .execute()
  return read(rows)
}

function read(rows: readonly AuditTable[]): AuditRecord[] {
  return rows.flatMap(({ record }) => readLine(record) ?? [])
}

/** The smallest indexed set of candidates, ordered by time, that contains every match. */
function offeredBy({ subjects = [], actor, isDenied }: AuditFilter): RawBuilder<unknown> {
  const subject = subjects.find(({ kind }) => kind !== 'experiment')
  if (subject !== undefined) {
    return sql`(SELECT time, writer, seq FROM audit_subjects
      WHERE kind = ${subject.kind} AND value = ${subject.value})`
  }
  if (actor !== undefined) return sql`(SELECT time, writer, seq FROM audit WHERE actor = ${actor})`
  if (isDenied === true) return sql`(SELECT time, writer, seq FROM audit WHERE allowed = 0)`
  return sql`(SELECT time, writer, seq FROM audit)`
}

/** Records of an experiment and of its runs, if there are few: the index sorts them only within each run. */
async function fewOfExperiment(
  db: Kysely<Schema>,
  { subjects = [] }: AuditFilter,
): Promise<RawBuilder<unknown> | undefined> {
  const [subject, ...others] = subjects
  if (subject?.kind !== 'experiment' || others.length > 0) return undefined
  const { value } = subject
  const own = sql`SELECT time, writer, seq FROM audit_subjects WHERE kind = 'experiment' AND value = ${value}`
  const ofRuns = sql`SELECT run.time, run.writer, run.seq FROM audit_places
    CROSS JOIN audit_subjects AS run
    WHERE audit_places.experiment = ${value} AND run.kind = 'run' AND run.value = audit_places.run`
  const { rows } = await sql`${own} UNION ALL ${ofRuns} LIMIT ${few + 1}`.execute(db)
  return rows.length > few ? undefined : sql`(${own} UNION ${ofRuns})`
}

function fitting(query: Query, { subjects, actor, action, isDenied }: AuditFilter): Query {
  const outcome = sql<boolean>`NOT (audit.asked = 1 AND EXISTS (
    SELECT 1 FROM audit AS outcome WHERE outcome.request_id = audit.request_id AND outcome.asked = 0))`
  let result = query.where(outcome)
  for (const { kind, value } of subjects ?? []) {
    const isAbout = sql<boolean>`EXISTS (SELECT 1 FROM audit_subjects AS subject
      WHERE subject.kind = ${kind} AND subject.value = ${value}
      AND subject.time = audit.time AND subject.writer = audit.writer AND subject.seq = audit.seq)`
    result = result.where(kind === 'experiment' ? sql<boolean>`(${isAbout} OR ${isOfRunIn(value)})` : isAbout)
  }
  if (actor !== undefined) result = result.where('audit.actor', '=', actor)
  if (action !== undefined) {
    result = result.where(sql<boolean>`LOWER(audit.action) LIKE ${`%${escapeLike(action)}%`} ESCAPE '!'`)
  }
  return isDenied === true ? result.where('audit.allowed', '=', 0) : result
}

/**
 * Most requests about a run do not name its experiment. An allowed request with both tells, for all its other
 * requests, earlier ones too.
 */
function isOfRunIn(experiment: string): RawBuilder<boolean> {
  return sql<boolean>`EXISTS (SELECT 1 FROM audit_subjects AS run
    JOIN audit_places ON audit_places.experiment = ${experiment} AND audit_places.run = run.value
    WHERE run.writer = audit.writer AND run.seq = audit.seq AND run.kind = 'run')`
}

/** From one position, inclusive, up to another, exclusive; a missing bound leaves that side open. */
function between(from: AuditPosition | undefined, before: AuditPosition | undefined): RawBuilder<boolean> {
  const place = sql`(offer.time, offer.writer, offer.seq)`
  const bounds = [
    ...(from === undefined ? [] : [sql`${place} >= (${from.time}, ${from.writer}, ${from.seq})`]),
    ...(before === undefined ? [] : [sql`${place} < (${before.time}, ${before.writer}, ${before.seq})`]),
  ]
  return bounds.length === 0 ? sql<boolean>`TRUE` : sql<boolean>`${sql.join(bounds, sql` AND `)}`
}

function escapeLike(text: string): string {
  return text.toLowerCase().replaceAll(/[!%_]/g, '!$&')
}
