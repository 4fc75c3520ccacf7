import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientError } from '../errors/client-error.ts'
import { MlflowError } from '../rest/mlflow-error.ts'
import type { PersistOptions } from '../journal/records/record-kind.ts'
import { pauseMs, type RetryPolicy } from '../settings/retry-policy.ts'
import { MAX_REFUSALS, ServerHealth } from './server-health.ts'

/** The state of delivery. `parked` means that it needs a person's help. */
export type DeliveryState = 'online' | 'offline' | 'auth-paused' | 'parked'

/** Callbacks, and timings that tests can shorten. */
export interface PatienceOptions {
  /** Called when the state changes, with the error that changed it. */
  readonly onState?: (state: DeliveryState, error?: ClientError) => void
  /** Called each time the server refuses the credentials, so that better ones can be looked up. */
  readonly onRefused?: () => void
  readonly random?: () => number
  /** How often refused credentials are retried: the account may be fixed on the server. */
  readonly authProbeMs?: number
  /** What is known of the server, shared by the runs of a client. */
  readonly health?: ServerHealth | undefined
}

/** Retries requests until the server accepts them, refuses them for good, or nobody needs them any more. */
export class Patience {
  readonly #policy: RetryPolicy
  readonly #options: Required<Omit<PatienceOptions, 'health'>>
  /** The health of the server, shared with other runs. */
  readonly health: ServerHealth
  readonly #stop = new AbortController()
  readonly #givingUp = new Set<() => void>()
  #state: DeliveryState = 'online'
  #failures = 0
  #refusals = 0
  readonly #sleepers = new Set<() => void>()

  constructor(policy: RetryPolicy, { health, ...options }: PatienceOptions = {}) {
    this.#policy = policy
    this.health = health ?? new ServerHealth(policy, options)
    this.#options = {
      onState: () => {},
      onRefused: () => {},
      random: Math.random,
      authProbeMs: 30_000,
      ...options,
    }
  }

  /** The state as of now. */
  get state(): DeliveryState {
    return this.#state
  }

  /** The pause between two tries at what only a person can fix. */
  get longestPauseMs(): number {
    return this.#policy.maxDelayMs
  }

  /** Aborts when there is nobody left to deliver for. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** Do `call` until it succeeds; throws errors that no retry can fix. */
  async persist<Result>(
    call: () => Promise<Result>,
    { hasOtherWay = false }: PersistOptions = {},
  ): Promise<Result> {
    for (;;) {
      this.signal.throwIfAborted()
      try {
        const result = await call()
        this.#failures = 0
        this.#refusals = 0
        this.health.succeeded()
        this.#enter('online')
        return result
      } catch (error) {
        this.signal.throwIfAborted()
        if (hasOtherWay && isTooLarge(error)) throw error
        await this.#sleep(this.#pauseAfter(error))
      }
    }
  }

  /** Pause after so many failures that concern one item only, not the server. */
  async rest(failures: number): Promise<void> {
    const ms = pauseMs(this.#policy, failures, { random: this.#options.random })
    await sleep(ms, undefined, { ref: false, signal: this.signal }).catch(() => {})
  }

  /** Enter the state in which nothing is retried. */
  park(error: ClientError): void {
    this.#enter('parked', error)
    this.#giveUp()
  }

  /** Retry now instead of at the end of the pause. */
  wake(): void {
    for (const wake of this.#sleepers) wake()
  }

  /** Abort every wait and request. */
  stop(): void {
    this.#stop.abort()
    this.wake()
  }

  /** Resolves when a series of retries has failed (nobody should wait from then on), or when told to stop. */
  async givenUp(signal: AbortSignal): Promise<void> {
    if (this.#state === 'parked') return
    await new Promise<void>((resolve) => {
      this.#givingUp.add(resolve)
      signal.addEventListener('abort', () => {
        this.#givingUp.delete(resolve)
        resolve()
      })
    })
  }

  #pauseAfter(error: unknown): number {
    if (!(error instanceof MlflowError)) throw error
    const isRefused = error.verdict === 'caller'
    if (!isRefused && !error.retryable && !isTooLarge(error)) throw error
    this.#refusals = isRefused ? this.#refusals + 1 : 0
    this.#failures += 1
    // A missing permission concerns this run only.
    if (error.status !== 403) this.health.failed({ isRefusal: isRefused })
    this.#enter(isRefused ? 'auth-paused' : 'offline', error)
    if (isRefused) this.#options.onRefused()
    const isHopeless = this.#refusals >= MAX_REFUSALS
    if (isHopeless || this.#failures > this.#policy.maxRetries) this.#giveUp()
    if (isHopeless) return this.#options.authProbeMs
    return pauseMs(this.#policy, this.#failures, {
      retryAfterMs: error.retryAfterMs,
      random: this.#options.random,
    })
  }

  #giveUp(): void {
    for (const giveUp of this.#givingUp) giveUp()
  }

  /** For a time or, while the server is away, until it is this run's turn to ask. */
  async #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#sleepers.add(resolve)
    const { isAway } = this.health
    // Must never keep a training alive.
    const timer = isAway ? undefined : setTimeout(resolve, ms).unref()
    this.health.ask(resolve)
    await promise
    clearTimeout(timer)
    this.health.leave(resolve)
    this.#sleepers.delete(resolve)
  }

  #enter(state: DeliveryState, error?: ClientError): void {
    if (state === this.#state) return
    this.#state = state
    this.#options.onState(state, error)
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof MlflowError && error.verdict === 'size'
}
