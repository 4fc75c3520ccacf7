import { ClientError } from '../errors/client-error.ts'
import { LEASE_MS } from '../node/lock.ts'
import { SpoolSync, type SyncOptions } from './spool-sync.ts'
import type { SyncedRun } from './sync-journal.ts'

/** How to catch up. */
export interface CatchUpOptions extends Pick<SyncOptions, 'settings' | 'fetch' | 'signal' | 'server'> {
  /** Called when journals wait for another server. */
  readonly onWarn?: (warning: ClientError) => void
}

/**
 * Delivers what earlier programs left in the spool folder, in the background of a training.
 *
 * Only a resumed job waits for it, and only for its own earlier processes; it never keeps the process alive. What
 * cannot be delivered now stays for the next program; problems are reported by `soen sync`. A journal that may
 * belong to a program on another host or in another container is checked again once that program must have renewed
 * its lease.
 */
export class CatchUp {
  readonly #options: CatchUpOptions
  readonly #sync: SpoolSync

  /** Throws what the spool folder throws. */
  constructor(options: CatchUpOptions, againAfterMs: number = LEASE_MS) {
    this.#options = options
    this.#sync = new SpoolSync({ ...options, keepsAlive: false })
    void this.#deliver(againAfterMs)
  }

  /** Resolves when what earlier processes of a job left is delivered, or cannot be. Never rejects. */
  async recordsOf(resumeKey: string): Promise<void> {
    await this.#sync.recordsOf(resumeKey)
  }

  async #deliver(againAfterMs: number): Promise<void> {
    const runs = await this.#sync.all().catch(() => [])
    const { onWarn, ...again } = this.#options
    const elsewhere = runs.filter(({ outcome }) => outcome === 'elsewhere')
    if (elsewhere.length > 0) onWarn?.(otherServer(elsewhere, again.settings.trackingUri))
    if (!runs.some(({ outcome }) => outcome === 'busy')) return
    setTimeout(() => {
      if (again.signal?.aborted !== true) void new CatchUp(again, againAfterMs)
    }, againAfterMs).unref()
  }
}

function otherServer(runs: readonly SyncedRun[], here: string): ClientError {
  const addresses = [...new Set(runs.map(({ trackingUri }) => trackingUri))].join(', ')
  return new ClientError({
    code: 'SOEN_OTHER_SERVER',
    message: `${runs.length} run(s) wait for ${addresses}, and this program logs to ${here}.`,
    hint: `If that is the same server, which has moved: soen sync --to ${here}. Else sync with the settings of that one.`,
  })
}
