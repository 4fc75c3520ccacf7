import { appendFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { dataFolder } from '../layout.ts'
import { readText, type Machine } from '../machine/machine.ts'
import type { Explained } from './explain.ts'
import type { Changer } from './verb.ts'

/** An entry in the machine's own log of who changed it. */
export interface AuditEntry extends Changer {
  /** ISO 8601. */
  readonly at: string
  readonly verb: string
  readonly result: 'done' | 'failed' | 'broken off'
  readonly changes?: number
  /** Set where it failed. */
  readonly code?: Explained['code']
}

/** Path of the log: one JSON object per line. */
export const auditPath: string = `${dataFolder}/audit.ndjson`

/** Appends an entry. */
export async function recordInAudit(
  machine: Machine,
  entry: Omit<AuditEntry, 'at'>,
  now: Date = new Date(),
): Promise<void> {
  const path = join(machine.root, auditPath)
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  await appendFile(path, `${JSON.stringify({ at: now.toISOString(), ...entry })}\n`, { mode: 0o640 })
}

/** All entries, oldest first; a line that a power failure cut off is skipped. */
export async function readAudit(machine: Machine): Promise<readonly AuditEntry[]> {
  const text = (await readText(machine, auditPath)) ?? ''
  return text.split('\n').flatMap((line) => {
    try {
      const entry: AuditEntry = JSON.parse(line)
      return [entry]
    } catch {
      return []
    }
  })
}
