import type { Kysely } from 'kysely'
import { findRecords } from './search.ts'
import type { Schema } from '../store/schema.ts'
import { parseCursor, parseFilter, parseLimit, writeCursor } from './filter.ts'
import type { TypedFilter } from './filter.ts'
import type { AuditRecord } from './record.ts'

/** A page of records, and where the next one begins if there is one. */
export interface RecordPage {
  readonly records: readonly AuditRecord[]
  readonly next?: string
}

/** The query parameters of the API and the page, with their meaning. */
export const auditQuery: Readonly<Record<string, string>> = {
  run: 'only what touched this run',
  experiment: 'only what touched this experiment, or a run in it',
  user: 'only what this account did, or was refused',
  action: 'only actions whose name has this in it, for instance runs/delete',
  denied: 'true for refusals only',
  since: 'from then on: 7d, 12h, 2026-11-25 or 2026-11-25T18:00Z',
  until: 'before then, written the same way',
  limit: 'how many at once, 1 to 1000; 100 unless said otherwise',
  cursor: 'where the page before this one ended: its `next`',
}

/** The newest records that match, a page at a time. */
export async function findPage(
  db: Kysely<Schema>,
  typed: TypedFilter & { readonly cursor?: string | undefined },
  now: Date = new Date(),
): Promise<RecordPage> {
  const limit = parseLimit(typed.limit, 100)
  const after = parseCursor(typed.cursor)
  const found = await findRecords(db, parseFilter(typed, now), { limit: limit + 1, after })
  const records = found.slice(0, limit)
  const last = records.at(-1)
  return found.length > limit && last !== undefined ? { records, next: writeCursor(last) } : { records }
}

/** Reads the filter from the query. */
export function typedFilter(query: URLSearchParams): TypedFilter & { readonly cursor?: string | undefined } {
  const value = (name: string): string | undefined => query.get(name) ?? undefined
  return {
    run: value('run'),
    experiment: value('experiment'),
    user: value('user'),
    action: value('action'),
    since: value('since'),
    until: value('until'),
    limit: value('limit'),
    cursor: value('cursor'),
    denied: query.get('denied') === 'true',
  }
}
