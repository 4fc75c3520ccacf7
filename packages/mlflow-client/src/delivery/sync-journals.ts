import type { RemoteSettings } from '../settings/settings.ts'
import { SpoolSync } from './spool-sync.ts'
import type { SyncedRun } from './sync-journal.ts'

/** How to sync. */
export interface SyncOptions {
  readonly settings: RemoteSettings
  /** The settings' folder by default. */
  readonly spoolDir?: string
  /** The most one journal may take. */
  readonly timeoutMs?: number
  /** Aborting it leaves the rest for another time. */
  readonly signal?: AbortSignal
  /** Whether the process stays alive for it: true by default. With false, give a `fetch` that does not either. */
  readonly keepsAlive?: boolean
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * Deliver what ended or killed programs left in their journals, several at once. Safe to repeat; one bad run stops no
 * other.
 */
export async function syncJournals(options: SyncOptions): Promise<SyncedRun[]> {
  return await new SpoolSync(options).all()
}
