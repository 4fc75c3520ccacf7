import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hasErrorCode } from '@soen/mlflow-server'
import type { Machine } from '../machine/machine.ts'

/** One line of the machine's own record of who changed it. */
export interface AuditEntry {
  /** ISO 8601. */
  readonly at: string
  readonly by: string
  readonly verb: string
  /** Of the kit. */
  readonly version: string
  readonly result: 'done' | 'failed' | 'broken off'
  readonly changes?: number
  /** The code, where it failed. */
  readonly code?: string
}

/** Where the record is: one JSON object per line. */
export const auditPath = '/var/lib/soen/audit.ndjson'

/** Adds a line to the record. */
export async function recordInAudit(
  machine: Machine,
  entry: Omit<AuditEntry, 'at'>,
  now: Date = new Date(),
): Promise<void> {
  const path = join(machine.root, auditPath)
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  await appendFile(path, `${JSON.stringify({ at: now.toISOString(), ...entry })}\n`, { mode: 0o640 })
}

/** The record, oldest first; a line that a power cut tore is left out. */
export async function readAudit(machine: Machine): Promise<readonly AuditEntry[]> {
  let text: string
  try {
    text = await readFile(join(machine.root, auditPath), 'utf8')
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return []
    throw error
  }
  return text.split('\n').flatMap((line) => {
    try {
      const entry: AuditEntry = JSON.parse(line)
      return [entry]
    } catch {
      return []
    }
  })
}
