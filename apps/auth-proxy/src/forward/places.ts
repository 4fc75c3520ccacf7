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
  /** How long a request waits before the slowest one of a user who has more leaves for it. */
  readonly patienceMs?: number
}

/** Who holds a place, or waits for one. */
export interface Holder {
  readonly user: string
  readonly response: ServerResponse
  /** All bytes that passed until now, both ways; the fewer per second, the sooner it has to leave. */
  readonly bytes: () => number
  /** Ends it so that its client learns why; without it the place is kept to the end. */
  readonly leave?: (() => void) | undefined
}

/** A place that is held: what is given back. */
export interface Place {
  readonly holder: Holder
  readonly since: number
  readonly bytesBefore: number
}

interface Waiting {
  readonly holder: Holder
  readonly letIn: (place: Place) => void
}

/**
 * Lets so many requests to MLflow at once, and of each user only a part of them; the others wait their turn. Where none
 * becomes free, whoever has the most places loses the one on which the least passes.
 */
export class Places {
  readonly #perUser: number
  readonly #waitMs: number
  readonly #patienceMs: number
  #free: number
  readonly #held = new Map<string, Set<Place>>()
  /** Told already to leave, and not gone yet: each is the place of one who waits. */
  readonly #leaving = new Set<Place>()
  /** What lets a waiting request in, by user: first the one who had no turn for the longest time. */
  readonly #waiting = new Map<string, Waiting[]>()

  // A program waits two minutes for an answer; after half a minute it can still be told why there is none.
  constructor({ total, perUser, waitMs = 30_000, patienceMs = 5000 }: PlacesOptions) {
    this.#perUser = perUser
    this.#waitMs = waitMs
    this.#patienceMs = patienceMs
    this.#free = total
  }

  /** Takes a place, to be given back: at once where one is free, so that most requests wait for nothing. */
  take(holder: Holder): Place | Promise<Place> {
    return this.#hasFor(holder.user) ? this.#hold(holder) : this.#wait(holder)
  }

  give(place: Place): void {
    const { user } = place.holder
    const held = this.#held.get(user)
    held?.delete(place)
    if (held?.size === 0) this.#held.delete(user)
    this.#leaving.delete(place)
    this.#free += 1
    if (this.#waiting.size > 0) this.#letNextIn()
  }

  #heldBy(user: string): number {
    return this.#held.get(user)?.size ?? 0
  }

  #hasFor(user: string): boolean {
    return this.#free > 0 && this.#heldBy(user) < this.#perUser
  }

  #hold(holder: Holder): Place {
    const place = { holder, since: performance.now(), bytesBefore: holder.bytes() }
    const held = this.#held.get(holder.user)
    if (held === undefined) this.#held.set(holder.user, new Set([place]))
    else held.add(place)
    this.#free -= 1
    return place
  }

  #letNextIn(): void {
    for (const [user, queue] of this.#waiting) {
      if (!this.#hasFor(user)) continue
      this.#waiting.delete(user)
      const next = queue.shift()
      // Now behind the others: who sends a thousand requests is no reason that somebody's one waits for them all.
      if (queue.length > 0) this.#waiting.set(user, queue)
      next?.letIn(this.#hold(next.holder))
      return
    }
  }

  #wait(holder: Holder): Promise<Place> {
    const { user, response } = holder
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        clearInterval(patience)
        response.off('close', leave)
      }
      const letIn = (place: Place): void => {
        stop()
        resolve(place)
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
      const patience = setInterval(() => this.#makeRoom(user), this.#patienceMs)
      response.once('close', leave)
      const queue = this.#waiting.get(user)
      if (queue === undefined) this.#waiting.set(user, [{ holder, letIn }])
      else queue.push({ holder, letIn })
    })
  }

  /** Has the slowest of a user with more places than this one leave, where nobody is leaving for it yet. */
  #makeRoom(user: string): void {
    if (this.#free > 0 || this.#leaving.size >= this.#waiting.size) return
    const [most] = [...this.#held.values()].toSorted((one, other) => other.size - one.size)
    // Taking one from who has as many would only turn the tables.
    if (most === undefined || most.size <= this.#heldBy(user) + 1) return
    const now = performance.now()
    const [slowest] = [...most]
      .filter((place) => place.holder.leave !== undefined && !this.#leaving.has(place))
      .filter(({ since }) => now - since >= this.#patienceMs)
      .toSorted((one, other) => speedOf(one, now) - speedOf(other, now))
    if (slowest === undefined) return
    this.#leaving.add(slowest)
    slowest.holder.leave?.()
  }

  #forget(user: string, letIn: Waiting['letIn']): void {
    const left = (this.#waiting.get(user) ?? []).filter((waiting) => waiting.letIn !== letIn)
    if (left.length > 0) this.#waiting.set(user, left)
    else this.#waiting.delete(user)
  }
}

/** Bytes per ms. */
function speedOf({ holder, since, bytesBefore }: Place, now: number): number {
  return (holder.bytes() - bytesBefore) / (now - since)
}
