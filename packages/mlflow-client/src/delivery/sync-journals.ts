import { SpoolSync, type SyncOptions } from './spool-sync.ts'
import type { SyncedRun } from './sync-journal.ts'

/**
 * Deliver what ended or killed programs left in their journals, several at once. Safe to repeat; one bad run stops no
 * other.
 */
export async function syncJournals(options: SyncOptions): Promise<SyncedRun[]> {
  return await new SpoolSync(options).all()
}
