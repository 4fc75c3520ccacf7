import { setTimeout as sleep } from 'node:timers/promises'
import { releaseLock, takeLock } from '../node/lock.ts'
import { refusal } from '../rest/refusal.ts'

const WAIT_MS = 5000
const RETRY_MS = 10
/** Longer than any batch takes. */
const LEASE_MS = 60_000

/**
 * Do something while no other process that uses the lock writes to the run.
 *
 * It is held for one batch only: two programs on one run take turns, and a killed one blocks nobody for long.
 */
export async function withRunLock<Result>(
  runFolder: string,
  work: () => Result | Promise<Result>,
  { waitMs = WAIT_MS }: { readonly waitMs?: number } = {},
): Promise<Result> {
  const until = Date.now() + waitMs
  while (!takeLock(runFolder, { leaseMs: LEASE_MS })) {
    if (Date.now() > until) {
      throw refusal(
        'TEMPORARILY_UNAVAILABLE',
        `Another process has been writing to ${runFolder} for ${waitMs} ms.`,
        'It is tried again; if no such process exists, remove the file "lock" there.',
      )
    }
    await sleep(RETRY_MS)
  }
  try {
    return await work()
  } finally {
    releaseLock(runFolder)
  }
}
