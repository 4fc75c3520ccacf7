import { setTimeout as sleep } from 'node:timers/promises'

const mebibyte = 1024 * 1024
/** Smaller bodies are parsed at once: the largest batch of MLflow has 9,000 values. */
const usual = { bytes: mebibyte, values: 10_000 }

/**
 * Has a user's large bodies parsed one at a time, each followed by a pause much longer than its parsing, which
 * blocks the event loop and with it everybody else.
 */
export class Rests {
  readonly #after = new Map<string, Promise<void>>()
  readonly #sleep: (ms: number) => Promise<void>

  constructor(rest: (ms: number) => Promise<void> = (ms) => sleep(ms, undefined, { ref: false })) {
    this.#sleep = rest
  }

  /** Resolves when it is this body's turn; undefined where it need not wait. */
  turn(user: string, bytes: number, values: number): Promise<void> | undefined {
    if (bytes <= usual.bytes && values <= usual.values) return undefined
    const before = this.#after.get(user) ?? Promise.resolve()
    const rest = before.then(() => this.#sleep(restMs(bytes, values)))
    this.#after.set(user, rest)
    void rest.then(() => this.#after.get(user) === rest && this.#after.delete(user))
    return before
  }
}

/** A hundred times what parsing and writing the body takes on a small machine. */
function restMs(bytes: number, values: number): number {
  return Math.round(500 * (bytes / mebibyte) + 200 * (values / 1000))
}
