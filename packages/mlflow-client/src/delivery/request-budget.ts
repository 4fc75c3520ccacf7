import { MlflowError } from '../rest/mlflow-error.ts'

/**
 * Limits the concurrent requests of all runs of a client together.
 *
 * A server that gets requests from five hundred runs at once answers none in time. So runs take turns, each with one
 * request in the queue at a time. While the server shows signs of overload, the limit is lower.
 */
export class RequestBudget {
  readonly #most: number
  readonly #waiting: (() => void)[] = []
  #limit: number
  #running = 0

  constructor(most: number) {
    this.#most = most
    this.#limit = most
  }

  /** Do a request when it is its turn. */
  async spend<Result>(request: () => Promise<Result>): Promise<Result> {
    await new Promise<void>((begin) => {
      this.#waiting.push(begin)
      this.#admit()
    })
    try {
      const result = await request()
      this.#limit = Math.min(this.#most, this.#limit + 1 / this.#limit)
      return result
    } catch (error) {
      if (error instanceof MlflowError && error.retryable) this.#limit = Math.max(1, this.#limit / 2)
      throw error
    } finally {
      this.#running -= 1
      this.#admit()
    }
  }

  #admit(): void {
    while (this.#running < Math.floor(this.#limit) && this.#waiting.length > 0) {
      this.#running += 1
      this.#waiting.shift()?.()
    }
  }
}
