import { SpoolSync, type SyncOptions } from './spool-sync.ts'
import type { SyncedRun } from './sync-journal.ts'

/**
 * Deliver what remains in the journals of ended or killed programs, several at once. Safe to repeat; a bad run does
 * not stop the others.
 */
export async function syncJournals(options: SyncOptions): Promise<SyncedRun[]> {
  return await new SpoolSync(options).all()
}
