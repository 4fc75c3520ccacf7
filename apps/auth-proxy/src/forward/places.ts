import type { ServerResponse } from 'node:http'
import { Refusal } from '../errors/refusals.ts'
import { ClientLeft } from '../errors/client-left.ts'

/** How many requests may be with MLflow at once. */
export interface PlacesOptions {
  readonly total: number
  /** The most of one user. */
  readonly perUser: number
  /** How long a request waits for one of them. */
  readonly waitMs?: number
}

/** Lets so many requests to MLflow at once, and of each user only a part of them; the others wait their turn. */
export class Places {
  readonly #perUser: number
  readonly #waitMs: number
  #free: number
  readonly #held = new Map<string, number>()
  /** What lets a waiting request in, by user: first the one who had no turn for the longest time. */
  readonly #waiting = new Map<string, (() => void)[]>()

  // A program waits two minutes for an answer; after half a minute it can still be told why there is none.
  constructor({ total, perUser, waitMs = 30_000 }: PlacesOptions) {
    this.#perUser = perUser
    this.#waitMs = waitMs
    this.#free = total
  }

  /** Takes a place, to be given back; returns undefined when one was free, so that most requests wait for nothing. */
  take(user: string, response: ServerResponse): Promise<void> | undefined {
    if (!this.#hasFor(user)) return this.#wait(user, response)
    this.#hold(user)
    return undefined
  }

  give(user: string): void {
    const held = this.#heldBy(user) - 1
    if (held > 0) this.#held.set(user, held)
    else this.#held.delete(user)
    this.#free += 1
    if (this.#waiting.size > 0) this.#letNextIn()
  }

  #heldBy(user: string): number {
    return this.#held.get(user) ?? 0
  }

  #hasFor(user: string): boolean {
    return this.#free > 0 && this.#heldBy(user) < this.#perUser
  }

  #hold(user: string): void {
    this.#held.set(user, this.#heldBy(user) + 1)
    this.#free -= 1
  }

  #letNextIn(): void {
    for (const [user, queue] of this.#waiting) {
      if (!this.#hasFor(user)) continue
      this.#waiting.delete(user)
      const letIn = queue.shift()
      // Now behind the others: who sends a thousand requests is no reason that somebody's one waits for them all.
      if (queue.length > 0) this.#waiting.set(user, queue)
      this.#hold(user)
      letIn?.()
      return
    }
  }

  #wait(user: string, response: ServerResponse): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        response.off('close', leave)
      }
      const letIn = (): void => {
        stop()
        resolve()
      }
      const giveUp = (error: Error): void => {
        stop()
        this.#forget(user, letIn)
        reject(error)
      }
      const leave = (): void => giveUp(new ClientLeft())
      const timer = setTimeout(() => {
        const isOwnFault = this.#heldBy(user) >= this.#perUser
        giveUp(new Refusal(isOwnFault ? 'SOEN_TOO_MANY_AT_ONCE' : 'SOEN_MLFLOW_BUSY'))
      }, this.#waitMs)
      response.once('close', leave)
      const queue = this.#waiting.get(user)
      if (queue === undefined) this.#waiting.set(user, [letIn])
      else queue.push(letIn)
    })
  }

  #forget(user: string, letIn: () => void): void {
    const left = (this.#waiting.get(user) ?? []).filter((waiting) => waiting !== letIn)
    if (left.length > 0) this.#waiting.set(user, left)
    else this.#waiting.delete(user)
  }
}
