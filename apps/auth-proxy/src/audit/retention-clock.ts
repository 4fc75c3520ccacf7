import type { Kysely } from 'kysely'
import { advanceClock, beginClock, readClock } from './stored-clock.ts'
import type { Schema } from '../store/schema.ts'

/** What a retention's time is made of. */
export interface RetentionClockOptions {
  readonly now?: () => Date
  /** Goes on evenly while this process runs, whatever the clock does. */
  readonly uptimeMs?: () => number
}

/** By how much the time may run ahead of what passes: a year that a server was off is made up for in twelve days. */
const catchUp = 30

/**
 * The time by which records grow old. It follows the clock, but no more than thirty times as fast as time passes
 * while a front door runs, and where it has come to is kept: a clock that is years ahead for an hour makes records
 * a day older, and no restart changes that.
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

  /** In a state that has none yet it begins with the newest record, which came before this start. */
  static async open(
    db: Kysely<Schema>,
    newest: string | undefined,
    { now = () => new Date(), uptimeMs = () => performance.now() }: RetentionClockOptions,
  ): Promise<RetentionClock> {
    await beginClock(db, newest ?? now().toISOString())
    return new RetentionClock(db, { now, uptimeMs })
  }

  /** Sets it on, and says what time it is. */
  async read(): Promise<Date> {
    const uptimeMs = this.#uptimeMs()
    const limit = Date.parse(await readClock(this.#db)) + (uptimeMs - this.#lookedAtMs) * catchUp
    const time = new Date(Math.min(this.#now().getTime(), limit))
    await advanceClock(this.#db, time.toISOString())
    this.#lookedAtMs = uptimeMs
    return time
  }
}
