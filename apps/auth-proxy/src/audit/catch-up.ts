import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { addRecords, listHeads } from './stored-records.ts'
import type { Schema } from '../store/schema.ts'
import { folderId, listFiles, readLines } from './folder.ts'
import { isUnaltered, readLine } from './record.ts'
import type { AuditRecord, ChainMark } from './record.ts'

const batchSize = 500

/**
 * Copies into the table the records that a killed front door had written to its files only. Adds only records
 * that continue the table's own chain one by one, so a file that was tampered with adds nothing.
 */
export async function catchUp(db: Kysely<Schema>, folder: string): Promise<void> {
  const files = await listFiles(folder)
  const writer = files.at(-1)?.writer
  if (writer === undefined) return
  const head = (await listHeads(db)).find((one) => one.writer === writer)
  let end: ChainMark = head ?? { writer, seq: 0, hash: '' }
  let batch: AuditRecord[] = []
  const flush = async (): Promise<void> => {
    const records = batch
    batch = []
    await db.transaction().execute((transaction) => addRecords(transaction, records, folderId(folder)))
  }
  for (const file of files.filter((one) => one.writer === writer)) {
    for await (const { text, isWhole } of readLines(join(folder, file.name))) {
      const record = readLine(text)
      if (!isWhole || record === undefined || !isUnaltered(record, text)) return await flush()
      if (record.seq <= end.seq) continue
      if (record.seq !== end.seq + 1 || record.prev !== end.hash) return await flush()
      batch.push(record)
      end = record
      if (batch.length === batchSize) await flush()
    }
  }
  await flush()
}
