import type { SyncOptions } from './sync-journals.ts'

/**
 * Deliver what former programs left in the spool folder, beside the training.
 *
 * Nobody waits for it, and nothing of it keeps the process alive. What cannot be delivered now stays for the next
 * program; what is wrong with it is told by `soen sync`. Never rejects.
 */
export async function catchUp(options: Pick<SyncOptions, 'settings' | 'fetch' | 'signal'>): Promise<void> {
  try {
    // Loaded beside the program's own start.
    const { syncJournals } = await import('./sync-journals.ts')
    await syncJournals({ ...options, keepsAlive: false })
  } catch {
    // A spool folder that cannot be read is told by the first run that needs it.
  }
}
