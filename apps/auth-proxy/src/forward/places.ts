import type { ServerResponse } from 'node:http'
import { Refusal } from '../errors/refusals.ts'
import { ClientLeft } from '../errors/client-left.ts'

/** Limits on requests that MLflow handles at once. */
export interface PlacesOptions {
  readonly total: number
  /** The limit per user. */
  readonly perUser: number
  /** How long a request waits for a place before it is refused. */
  readonly waitMs?: number
  /** How long a request waits before the slowest transfer of a user with more places is ended for it. */
  readonly patienceMs?: number
}

/** A request that holds a place or waits for one. */
export interface Holder {
  readonly user: string
  readonly response: ServerResponse
  /** All bytes transferred so far, in both directions; the slowest transfers are ended first. */
  readonly bytes: () => number
  /** Ends the request in a way that tells its client why; without it the place is held to the end. */
  readonly leave?: (() => void) | undefined
}

/** A place that is held, to be given back. */
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
 * Limits the requests that MLflow handles at once, in all and per user; further requests wait their turn. When no
 * place becomes free, the user with the most places loses the one with the slowest transfer.
 */
export class Places {
  readonly #perUser: number
  readonly #waitMs: number
  readonly #patienceMs: number
  #free: number
  readonly #held = new Map<string, Set<Place>>()
  /** Places whose holders were told to leave but still hold them: each is meant for a waiting request. */
  readonly #leaving = new Set<Place>()
  /** Waiting requests by user; first the user who has waited longest for a turn. */
  readonly #waiting = new Map<string, Waiting[]>()

  // Clients wait two minutes for a response: after half a minute there is still time to tell them why there is none.
  constructor({ total, perUser, waitMs = 30_000, patienceMs = 5000 }: PlacesOptions) {
    this.#perUser = perUser
    this.#waitMs = waitMs
    this.#patienceMs = patienceMs
    this.#free = total
  }

  /** Takes a place, to be given back; without waiting where one is free, as for most requests. */
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
      // The user goes to the back of the line: a thousand requests of one user must not delay the single one of
      // another.
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

  /** Ends the slowest transfer of a user with more places than this one, unless enough are leaving already. */
  #makeRoom(user: string): void {
    if (this.#free > 0 || this.#leaving.size >= this.#waiting.size) return
    const [most] = [...this.#held.values()].toSorted((one, other) => other.size - one.size)
    // Taking a place from a user with as many would only swap the roles.
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

/** In bytes per millisecond. */
function speedOf({ holder, since, bytesBefore }: Place, now: number): number {
  return (holder.bytes() - bytesBefore) / (now - since)
}
