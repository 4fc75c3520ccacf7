import type { Kysely } from 'kysely'
import { advanceClock, beginClock, readClock } from './stored-clock.ts'
import type { Schema } from '../store/schema.ts'

/** What the retention clock is built from. */
export interface RetentionClockOptions {
  readonly now?: () => Date
  /** Monotonic milliseconds since this process started, which no change of the wall clock moves. */
  readonly uptimeMs?: () => number
}

/**
 * How many times faster than real time the clock may run: a year in which the server was off is made up for
 * in twelve days.
 */
const catchUp = 30

/**
 * The clock that decides how old a record is. It follows the wall clock, but while a front door runs at most
 * thirty times as fast as real time, and its reading is stored. So a wall clock that is years ahead for an
 * hour ages records by about a day, and a restart does not change that.
 */
export class RetentionClock {
  readonly #db: Kysely<Schema>
  readonly #now: () => Date
  readonly #uptimeMs: () => number
  #lookedAtMs: number

  private constructor(db: Kysely<Schema>, options: Required<RetentionClockOptions>) {
    this.#db = db
    this.#now = options.now
    this.#uptimeMs = options.uptimeMs
    this.#lookedAtMs = options.uptimeMs()
  }

  /** Where the state has no reading yet, it starts at the newest record, which is older than this start. */
  static async open(
    db: Kysely<Schema>,
    newest: string | undefined,
    { now = () => new Date(), uptimeMs = () => performance.now() }: RetentionClockOptions,
  ): Promise<RetentionClock> {
    await beginClock(db, newest ?? now().toISOString())
    return new RetentionClock(db, { now, uptimeMs })
  }

  /** Advances the clock and returns its time. */
  async read(): Promise<Date> {
    const uptimeMs = this.#uptimeMs()
    const limit = Date.parse(await readClock(this.#db)) + (uptimeMs - this.#lookedAtMs) * catchUp
    const time = new Date(Math.min(this.#now().getTime(), limit))
    await advanceClock(this.#db, time.toISOString())
    this.#lookedAtMs = uptimeMs
    return time
  }
}
