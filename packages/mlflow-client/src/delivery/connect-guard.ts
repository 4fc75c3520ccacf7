/** How often to check whether a program that waits for a connection has anything else to do. */
const LOOK_EVERY_MS = 100
/** Node's name for a connection attempt, which always keeps the process alive. */
const CONNECTING = 'ConnectWrap'
/** A program's standard streams are listed as well, whether it waits for them or not. */
const STREAMS: ReadonlySet<string> = new Set(['PipeWrap', 'TTYWrap'])

/**
 * Aborts connection attempts when the program has ended, or when nobody waits any more.
 *
 * A machine that does not respond would otherwise keep a finished program alive for minutes.
 */
export class ConnectGuard {
  readonly #inFlight = new Set<AbortController>()
  #looking: NodeJS.Timeout | undefined
  #looksInARow = 0

  /** A `fetch` whose connection attempts do not keep a finished program alive. */
  guard(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (input, init) => {
      const own = new AbortController()
      this.#inFlight.add(own)
      this.#looking ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref()
      const { signal } = init ?? {}
      try {
        return await fetch(input, {
          ...init,
          signal: signal ? AbortSignal.any([signal, own.signal]) : own.signal,
        })
      } finally {
        this.#inFlight.delete(own)
        if (this.#inFlight.size === 0) this.#stopLooking()
      }
    }
  }

  /** Abort connection attempts: nobody waits any more. */
  release(): void {
    for (const own of this.#inFlight)
      own.abort(new Error('the program was over before there was a connection'))
  }

  /** Only twice in a row: a single check may fall between two things that a program does. */
  #look(): void {
    const holders = process.getActiveResourcesInfo().filter((holder) => !STREAMS.has(holder))
    const isOver = holders.length > 0 && holders.every((holder) => holder === CONNECTING)
    this.#looksInARow = isOver ? this.#looksInARow + 1 : 0
    if (this.#looksInARow > 1) this.release()
  }

  #stopLooking(): void {
    clearInterval(this.#looking)
    this.#looking = undefined
    this.#looksInARow = 0
  }
}
