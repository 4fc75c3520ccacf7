/** Runs a few tasks at once and lets a few more wait; turns the rest away. */
export class Turnstile {
  readonly #slots: number
  readonly #maxWaiting: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor({ slots, maxWaiting }: { readonly slots: number; readonly maxWaiting: number }) {
    this.#slots = slots
    this.#maxWaiting = maxWaiting
  }

  get running(): number {
    return this.#running
  }

  /** Runs the task when its turn comes, or returns undefined at once when too many are waiting. */
  enter<Result>(task: () => Promise<Result>): Promise<Result> | undefined {
    if (this.#running < this.#slots) {
      this.#running += 1
      return this.#run(task)
    }
    if (this.#waiting.length >= this.#maxWaiting) return undefined
    return new Promise<void>((resolve) => this.#waiting.push(resolve)).then(() => this.#run(task))
  }

  async #run<Result>(task: () => Promise<Result>): Promise<Result> {
    try {
      return await task()
    } finally {
      const next = this.#waiting.shift()
      // The slot passes directly to the next in line: a newcomer cannot slip in between.
      if (next) next()
      else this.#running -= 1
    }
  }
}
