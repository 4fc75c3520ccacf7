import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { ClientLeft } from '../errors/client-left.ts'
import { Refusal } from '../errors/refusals.ts'
import { Rests } from './rests.ts'

/** Limits on the bytes of bodies held in memory. */
export interface RoomsOptions {
  readonly total: number
  /** The limit per user. */
  readonly perUser: number
}

/** The memory for one request's body. */
export interface Room {
  /**
   * @throws Refusal where the user, or all users together, hold too much already; ClientLeft after the response
   * ended
   */
  take(bytes: number): void
  /**
   * Resolves when a body of so many bytes and values may be parsed.
   *
   * @throws ClientLeft where nobody waits for the response any more
   */
  turn(bytes: number, values: number): Promise<void>
}

const mebibyte = 1024 * 1024

/** A cluster under one user name sends fifty full batches at once. */
const usualRooms: RoomsOptions = { total: 256 * mebibyte, perUser: 96 * mebibyte }

/** Counts the bytes of bodies held in memory, per user and in all. */
export class Rooms {
  readonly #options: RoomsOptions
  readonly #held = new Map<string, number>()
  #total = 0
  readonly #rests: Rests

  constructor(options: RoomsOptions = usualRooms, rests: Rests = new Rests()) {
    this.#options = options
    this.#rests = rests
  }

  /** Opens the room of one request; its bytes are released when the response ends. */
  open(user: string, response: ServerResponse): Room {
    let bytes = 0
    const add = (more: number): void => {
      if (bytes === 0) response.once('close', () => this.#add(user, -bytes))
      bytes += more
      this.#add(user, more)
    }
    return {
      take: (more) => {
        // Nothing would release the bytes any more.
        if (response.closed) throw new ClientLeft()
        const held = this.#held.get(user) ?? 0
        if (held + more > this.#options.perUser) throw new Refusal('SOEN_TOO_MANY_AT_ONCE')
        if (this.#total + more > this.#options.total) throw new Refusal('SOEN_MLFLOW_BUSY')
        add(more)
      },
      turn: async (size, values) => {
        const turn = this.#rests.turn(user, size, values)
        if (turn === undefined) return
        // A client that left has released its room, so nothing of its body may keep waiting.
        await Promise.race([turn, once(response, 'close')])
        if (response.closed) throw new ClientLeft()
      },
    }
  }

  #add(user: string, bytes: number): void {
    const held = (this.#held.get(user) ?? 0) + bytes
    if (held > 0) this.#held.set(user, held)
    else this.#held.delete(user)
    this.#total += bytes
  }
}
