import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readLine } from '../audit/record.ts'
import type { AuditRecord } from '../audit/record.ts'

/** The contents of the files in a folder, the oldest file first. */
function auditText(folder: string): string {
  const names = readdirSync(folder).toSorted((one, other) => (one < other ? -1 : 1))
  return names.map((name) => readFileSync(join(folder, name), 'utf8')).join('')
}

/** All records in the files of a folder, except those about the front door itself. */
export function auditRecords(folder: string): readonly AuditRecord[] {
  const lines = auditText(folder).split('\n')
  return lines.flatMap((line) => readLine(line) ?? []).filter(({ action }) => !action.startsWith('audit '))
}
