import { pauseMs, type RetryPolicy } from '../settings/retry-policy.ts'

/** A single refusal among other failures means nothing; this many in a row do. */
export const MAX_REFUSALS = 3
/** How long anybody waits at most for news of a server that was away. */
const NEWS_MS = 1000
/** A server that has responded to nobody for this long is probably away. */
const SILENT_MS = 1000
/** A look this short delays nobody. */
const CHEAP_MS = 25
/** Longer looks may take up to a twentieth of the time. */
const LOOK_SHARE = 20

/** Where the server's absence is noted for the next program. */
export interface HealthNotes {
  /** Whether a program recently found it away. */
  readonly isAway: boolean
  note(isAway: boolean): void
}

/** The options of a server's health. */
export interface HealthOptions {
  readonly notes?: HealthNotes | undefined
  /** How often refused credentials are retried: the account may be fixed on the server. */
  readonly authProbeMs?: number | undefined
}

/**
 * The health of a server, as all runs of a client observe it together.
 *
 * After a series of failed attempts, of any runs, the server counts as away: nobody waits for it any more, and the
 * runs take turns asking whether it is back. A run that has not asked yet does so at once: the failures may be
 * specific to the others.
 */
export class ServerHealth {
  readonly #policy: RetryPolicy
  readonly #notes: HealthNotes | undefined
  readonly #authProbeMs: number
  /** Runs that wait, in order. */
  readonly #asking = new Set<() => void>()
  #news = Promise.withResolvers<void>()
  #timer: NodeJS.Timeout | undefined
  #failures = 0
  #refusals = 0
  #isAway: boolean
  #answeredAt = -Infinity
  #lookedAt = 0
  #lookMs = 0

  constructor(policy: RetryPolicy, { notes, authProbeMs = 30_000 }: HealthOptions = {}) {
    this.#policy = policy
    this.#notes = notes
    this.#authProbeMs = authProbeMs
    this.#isAway = notes?.isAway ?? false
  }

  /** Whether the server is away, so that nobody should wait for it. */
  get isAway(): boolean {
    return this.#isAway
  }

  /** Whether it is worth waiting a moment to see if the server is back. */
  get isWorthALook(): boolean {
    return this.#lookMs < CHEAP_MS || performance.now() - this.#lookedAt > LOOK_SHARE * this.#lookMs
  }

  /** The server has responded. */
  succeeded(): void {
    this.#answeredAt = performance.now()
    this.#failures = 0
    this.#refusals = 0
    if (this.#isAway) {
      this.#isAway = false
      this.#notes?.note(false)
      for (const ask of this.#asking) ask()
      this.#asking.clear()
    }
    this.#tell()
  }

  /** The server has failed, or refused the credentials that all runs share. */
  failed({ isRefusal = false }: { readonly isRefusal?: boolean } = {}): void {
    this.#failures += 1
    this.#refusals = isRefusal ? this.#refusals + 1 : 0
    if (this.#failures > this.#policy.maxRetries || this.#refusals >= MAX_REFUSALS) this.#enterAway()
    this.#tell()
  }

  /** A caller's timeout has passed, with a server that fails or has been silent for all runs. */
  giveUp(waitedMs: number): void {
    const isSilent = waitedMs >= SILENT_MS && performance.now() - this.#answeredAt >= waitedMs
    if (this.#failures > 0 || isSilent) this.#enterAway()
  }

  /** Call `turn` when the server is back or, while it is away, when it is this caller's turn to ask. */
  ask(turn: () => void): void {
    this.#asking.add(turn)
    if (this.#isAway) this.#schedule()
  }

  /** Cancel the wait. */
  leave(turn: () => void): void {
    this.#asking.delete(turn)
  }

  /** Resolves at the next result of any run, or after a timeout. */
  async look(): Promise<void> {
    const startedAt = performance.now()
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, NEWS_MS)
    })
    await Promise.race([this.#news.promise, timeout])
    clearTimeout(timer)
    this.#lookedAt = performance.now()
    this.#lookMs = this.#lookedAt - startedAt
  }

  #schedule(): void {
    const ms = this.#refusals > 0 ? this.#authProbeMs : pauseMs(this.#policy, this.#failures)
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      const [first] = this.#asking
      if (first === undefined) return
      this.#asking.delete(first)
      first()
      this.#schedule()
    }, ms).unref()
  }

  #enterAway(): void {
    if (this.#isAway) return
    this.#isAway = true
    this.#notes?.note(true)
    this.#schedule()
  }

  #tell(): void {
    this.#news.resolve()
    this.#news = Promise.withResolvers()
  }
}
