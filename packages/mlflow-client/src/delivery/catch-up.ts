import { LEASE_MS } from '../node/lock.ts'
import { syncJournals, type SyncOptions } from './sync-journals.ts'

/**
 * Deliver what former programs left in the spool folder, beside the training.
 *
 * Nobody waits for it, and nothing of it keeps the process alive. What cannot be delivered now stays for the next
 * program; what is wrong with it is told by `soen sync`. What may belong to a program of another host or container is
 * looked at again when that one must have given a sign of life. Never rejects.
 */
export async function catchUp(
  options: Pick<SyncOptions, 'settings' | 'fetch' | 'signal'>,
  againAfterMs: number = LEASE_MS,
): Promise<void> {
  try {
    const runs = await syncJournals({ ...options, keepsAlive: false })
    const isAnyBusy = runs.some(({ outcome }) => outcome === 'busy')
    if (isAnyBusy && options.signal?.aborted !== true)
      setTimeout(() => void catchUp(options, againAfterMs), againAfterMs).unref()
  } catch {
    // A spool folder that cannot be read is told by the first run that needs it.
  }
}
