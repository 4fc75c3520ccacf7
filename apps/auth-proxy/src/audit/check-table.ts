import type { Kysely } from 'kysely'
import { columnsOf, listHeads, listWriters, rowsFrom, subjectKeys } from '../store/audit.ts'
import type { AuditHeadTable, AuditTable, Schema } from '../store/schema.ts'
import { ChainCheck } from './chain-check.ts'
import { readLine } from './record.ts'
import type { AuditRecord } from './record.ts'

const pageSize = 1000

/** Walks every chain of the table: its hashes, its columns, its end, and what other chains say about its end. */
export async function checkTable(db: Kysely<Schema>): Promise<ChainCheck> {
  const check = new ChainCheck('table')
  // Read first: while a front door writes, the chains may only have come further than this.
  const heads = await listHeads(db)
  for (const writer of await listWriters(db)) await checkChain(db, writer, check)
  for (const head of heads) checkHead(head, check)
  await checkAnchors(db, check)
  return check
}

async function checkChain(db: Kysely<Schema>, writer: string, check: ChainCheck): Promise<void> {
  for (let from = 0; ;) {
    const rows = await rowsFrom(db, writer, from, pageSize)
    const [first, last] = [rows[0], rows.at(-1)]
    if (first === undefined || last === undefined) return
    const subjects = await subjectKeys(db, writer, [first.seq, last.seq])
    for (const row of rows) checkRow(row, subjects, check)
    from = last.seq + 1
  }
}

function checkRow(row: AuditTable, subjects: ReadonlySet<string>, check: ChainCheck): void {
  const { writer, seq } = row
  const place = `table, record ${seq} of ${writer}`
  const record = check.add(row.record, place)
  if (record === undefined || (hasOwnColumns(row, record) && hasOwnSubjects(record, subjects))) return
  const message = `What record ${seq} is found by was altered.`
  check.flaw({ kind: 'altered', place, writer, seq, message })
}

function hasOwnColumns(row: AuditTable, record: AuditRecord): boolean {
  const { record: _record, ...columns } = columnsOf(record)
  return Object.entries(columns).every(([name, value]) => Reflect.get(row, name) === value)
}

function hasOwnSubjects({ seq, subjects }: AuditRecord, known: ReadonlySet<string>): boolean {
  return subjects.every(({ kind, value }) => known.has(`${seq} ${kind} ${value}`))
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

/** A chain whose end was removed together with its head is still remembered by those that began after it. */
async function checkAnchors(db: Kysely<Schema>, check: ChainCheck): Promise<void> {
  for (const { writer, seq, hash } of check.anchors) {
    if (seq <= check.expiredUpTo(writer)) continue
    const [row] = await rowsFrom(db, writer, seq, 1)
    if (row?.seq === seq && readLine(row.record)?.hash === hash) continue
    const message = `A later chain vouches for record ${seq} of ${writer}, which is not there as it was.`
    check.flaw({ kind: 'cut off', place: `table, record ${seq} of ${writer}`, writer, seq, message })
  }
}
