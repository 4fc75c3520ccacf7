import { setImmediate } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { knownPlaces, placeKey, placesOf } from './stored-places.ts'
import { columnsOf, rowsFrom, subjectKey, subjectKeys } from './stored-records.ts'
import type { AuditHeadTable, AuditTable, Schema } from '../store/schema.ts'
import { ChainCheck } from './chain-check.ts'
import { readLine } from './record.ts'
import type { AuditRecord } from './record.ts'

/** Small, because SQLite and the hashing block the event loop until a page is done. */
const pageSize = 100

/** How far the check goes. */
export interface TableEnds {
  /** Read before `ends`: a front door that writes meanwhile can only have made the chains longer than this. */
  readonly heads: readonly AuditHeadTable[]
  /** The number up to which each chain is checked. */
  readonly ends: ReadonlyMap<string, number>
}

/**
 * Checks every chain of the table: its hashes, its columns, its end, and what other chains recorded about its end.
 */
export async function checkTable(db: Kysely<Schema>, { heads, ends }: TableEnds): Promise<ChainCheck> {
  const check = new ChainCheck('table')
  for (const [writer, end] of ends) await checkChain(db, { writer, end }, check)
  for (const head of heads) checkHead(head, check)
  await checkAnchors(db, check)
  return check
}

async function checkChain(
  db: Kysely<Schema>,
  { writer, end }: { readonly writer: string; readonly end: number },
  check: ChainCheck,
): Promise<void> {
  for (let from = 0; ;) {
    const rows = (await rowsFrom(db, writer, from, pageSize)).filter(({ seq }) => seq <= end)
    const [first, last] = [rows[0], rows.at(-1)]
    if (first === undefined || last === undefined) return
    const subjects = await subjectKeys(db, writer, [first.seq, last.seq])
    const places = await knownPlaces(
      db,
      rows.flatMap(({ record }) => readLine(record) ?? []),
    )
    for (const row of rows) checkRow(row, { subjects, places }, check)
    from = last.seq + 1
    await setImmediate()
  }
}

/** What the neighbouring tables hold about some records. */
interface Beside {
  readonly subjects: ReadonlySet<string>
  readonly places: ReadonlySet<string>
}

function checkRow(row: AuditTable, beside: Beside, check: ChainCheck): void {
  const { writer, seq } = row
  const place = `table, record ${seq} of ${writer}`
  const record = check.add(row.record, place)
  if (record === undefined || (hasOwnColumns(row, record) && isFound(record, beside))) return
  const message = `What record ${seq} is found by was altered.`
  check.flaw({ kind: 'altered', place, writer, seq, message })
}

function hasOwnColumns(row: AuditTable, record: AuditRecord): boolean {
  return Object.entries(columnsOf(record)).every(([name, value]) => Reflect.get(row, name) === value)
}

function isFound(record: AuditRecord, { subjects, places }: Beside): boolean {
  const hasSubjects = record.subjects.every((subject) => subjects.has(subjectKey(record, subject)))
  return hasSubjects && placesOf(record).every((place) => places.has(placeKey(place)))
}

function checkHead({ writer, seq, hash }: AuditHeadTable, check: ChainCheck): void {
  const chain = check.chains.get(writer)
  const end = chain?.seq ?? check.expiredUpTo(writer)
  const place = `table, end of ${writer}`
  if (end < seq) {
    const message = `${writer} was written up to record ${seq}, but ends with record ${end}.`
    check.flaw({ kind: 'cut off', place, writer, seq: end + 1, message })
  } else if (chain?.seq === seq && chain.hash !== hash) {
    check.flaw({ kind: 'altered', place, writer, seq, message: `The end of ${writer} is another one now.` })
  }
}

/** A chain whose end was removed together with its head is still vouched for by the chains that began after it. */
async function checkAnchors(db: Kysely<Schema>, check: ChainCheck): Promise<void> {
  // Every chain that began soon after another vouches for it, so the same end comes up many times.
  const anchors = new Map(check.anchors.map((anchor) => [JSON.stringify(anchor), anchor]))
  for (const { writer, seq, hash } of anchors.values()) {
    await setImmediate()
    if (seq <= check.expiredUpTo(writer)) continue
    const [row] = await rowsFrom(db, writer, seq, 1)
    if (row?.seq === seq && readLine(row.record)?.hash === hash) continue
    const message = `A later chain vouches for record ${seq} of ${writer}, which is not there as it was.`
    check.flaw({ kind: 'cut off', place: `table, record ${seq} of ${writer}`, writer, seq, message })
  }
}
