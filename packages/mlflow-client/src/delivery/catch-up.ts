import { LEASE_MS } from '../node/lock.ts'
import { SpoolSync, type SyncOptions } from './spool-sync.ts'

/**
 * Delivers what former programs left in the spool folder, beside the training.
 *
 * Nobody waits for it but a job that goes on, and only for its own former processes; nothing of it keeps the process
 * alive. What cannot be delivered now stays for the next program; what is wrong with it is told by `soen sync`. What
 * may belong to a program of another host or container is looked at again when that one must have given a sign of life.
 */
export class CatchUp {
  readonly #options: Pick<SyncOptions, 'settings' | 'fetch' | 'signal'>
  readonly #sync: SpoolSync

  /** Throws what the spool folder throws. */
  constructor(options: Pick<SyncOptions, 'settings' | 'fetch' | 'signal'>, againAfterMs: number = LEASE_MS) {
    this.#options = options
    this.#sync = new SpoolSync({ ...options, keepsAlive: false })
    void this.#deliver(againAfterMs)
  }

  /** Resolves when what former processes of a job left is there, or cannot be. Never rejects. */
  async recordsOf(resumeKey: string): Promise<void> {
    await this.#sync.recordsOf(resumeKey)
  }

  async #deliver(againAfterMs: number): Promise<void> {
    const runs = await this.#sync.all().catch(() => [])
    if (!runs.some(({ outcome }) => outcome === 'busy')) return
    setTimeout(() => {
      if (this.#options.signal?.aborted !== true) void new CatchUp(this.#options, againAfterMs)
    }, againAfterMs).unref()
  }
}
