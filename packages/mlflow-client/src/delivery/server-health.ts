import { pauseMs, type RetryPolicy } from '../settings/retry-policy.ts'

/** One refusal in the middle of other trouble says nothing; as many as this in a row do. */
export const MAX_REFUSALS = 3
/** The longest that anybody waits for news of a server that was away. */
const NEWS_MS = 1000
/** No answer to anybody in this time is a bad sign. */
const SILENT_MS = 1000
/** A look that is this short costs nobody anything. */
const CHEAP_MS = 25
/** Longer ones may take a twentieth of the time. */
const LOOK_SHARE = 20

/** Where it is noted that a server is away, for the next program. */
export interface HealthNotes {
  /** Whether a program found it away a short while ago. */
  readonly isAway: boolean
  note(isAway: boolean): void
}

/** What a server's health goes by. */
export interface HealthOptions {
  readonly notes?: HealthNotes | undefined
  /** How often refused credentials are tried again: they may be mended on the server. */
  readonly authProbeMs?: number | undefined
}

/**
 * What the runs of one client find out about their server together.
 *
 * When a series of attempts has failed, whosever they were, it is away: nobody waits for it any more, and one run
 * after the other asks whether it is back, instead of all at once. A run that has not asked yet asks at once: the
 * trouble of others may be their own.
 */
export class ServerHealth {
  readonly #policy: RetryPolicy
  readonly #notes: HealthNotes | undefined
  readonly #authProbeMs: number
  /** Those who wait, in their order. */
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

  /** Whether nobody should wait for the server. */
  get isAway(): boolean {
    return this.#isAway
  }

  /** Whether it is worth some time to see if the server is back. */
  get isWorthALook(): boolean {
    return this.#lookMs < CHEAP_MS || performance.now() - this.#lookedAt > LOOK_SHARE * this.#lookMs
  }

  /** The server has answered. */
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

  /** It has not, or has refused the credentials that all runs have. */
  failed({ isRefusal = false }: { readonly isRefusal?: boolean } = {}): void {
    this.#failures += 1
    this.#refusals = isRefusal ? this.#refusals + 1 : 0
    if (this.#failures > this.#policy.maxRetries || this.#refusals >= MAX_REFUSALS) this.#enterAway()
    this.#tell()
  }

  /** Somebody has waited as long as they could: for a server that fails, or that is silent for all. */
  giveUp(waitedMs: number): void {
    const isSilent = waitedMs >= SILENT_MS && performance.now() - this.#answeredAt >= waitedMs
    if (this.#failures > 0 || isSilent) this.#enterAway()
  }

  /** Be called when the server is back, or, while it is away, when it is one's turn to ask. */
  ask(turn: () => void): void {
    this.#asking.add(turn)
    if (this.#isAway) this.#schedule()
  }

  /** Wait no longer. */
  leave(turn: () => void): void {
    this.#asking.delete(turn)
  }

  /** Resolves when something new is known, or when nothing comes. */
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
