import { appendFileSync } from 'node:fs'
import { FILE_MODE } from '../node/json-file.ts'
import { releaseLock, takeLock } from '../node/lock.ts'
import { START } from './cursor.ts'
import { createJournalFolder, listSegments, segmentPath } from './folder.ts'
import { readHeader, writeHeader, type JournalHeader } from './header.ts'
import { sealLine } from './line.ts'
import type { JournalRecord } from './records.ts'

/**
 * Add a record to a journal that its writer has closed: after what is left in it, or to a new one.
 *
 * @param header - for a new journal
 * @returns false when another process is working on the journal
 */
export function amendJournal(folder: string, header: JournalHeader, record: JournalRecord): boolean {
  createJournalFolder(folder)
  if (!takeLock(folder)) return false
  try {
    if (readHeader(folder) === undefined) writeHeader(folder, header)
    const segment = listSegments(folder).at(-1) ?? START.segment
    appendFileSync(segmentPath(folder, segment), sealLine(JSON.stringify(record)), { mode: FILE_MODE })
    return true
  } finally {
    releaseLock(folder)
  }
}
