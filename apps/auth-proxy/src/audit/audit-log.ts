import { Refusal } from '../errors/refusals.ts'
import { Backlog } from './backlog.ts'
import type { Sink } from './backlog.ts'
import type { Chain } from './chain.ts'
import type { AuditEvent, ChainMark, FileEnd } from './record.ts'
import type { RetentionClock } from './retention-clock.ts'
import { Tally } from './tally.ts'

/** Where a front door writes its audit records, and how. */
export interface AuditLogOptions {
  readonly chain: Chain
  readonly sinks: readonly Sink[]
  /** The ends of other chains, which the first record of this chain vouches for. */
  readonly heads?: readonly ChainMark[]
  readonly after?: FileEnd | undefined
  /** Called when a sink starts to fail; `onRelief` when it works again. */
  readonly onTrouble: (error: unknown, sink: Sink['name']) => void
  readonly onRelief?: (sink: Sink['name']) => void
  readonly flushMs?: number
  readonly minuteMs?: number
  /** How long a request waits at most until its record is stored, in milliseconds. */
  readonly patienceMs?: number
  /** How many records wait at most for a sink that is failing. */
  readonly maxWaiting?: number
  readonly keepDays?: number
  readonly now?: () => Date
  /** The clock that decides how old a record is. */
  readonly retentionClock: RetentionClock
  /** Called when the wall clock is so many days ahead of `retentionClock`, by which records are still kept. */
  readonly onDoubt?: (daysAhead: number) => void
}

const dayMs = 24 * 60 * 60_000
const retryMs = 1000
/**
 * How often the retention clock is advanced; short, so that it also advances for front doors that run for an
 * hour only.
 */
const retentionClockMs = 10 * 60_000
/** A smaller difference only means that the front door was off for a while. */
const maxDaysAhead = 30
/** How many refusals per user or network are recorded one by one in a minute, and for how many users and networks. */
const maxRefusalsEach = 60
const maxRefused = 5000

/** Fields of the front door's own events, which no request causes. */
const ownEvent = { allowed: true, subjects: [] } as const

/** Writes audit events to every sink in the background, as one chain of records. */
export class AuditLog implements AsyncDisposable {
  readonly #options: Required<Omit<AuditLogOptions, 'heads' | 'after'>>
  readonly #backlogs: readonly Backlog[]
  readonly #timers: readonly NodeJS.Timeout[]
  readonly #failingSince = new Map<Backlog, number>()
  /** Sums up the frequent writes. */
  readonly writes: Tally
  readonly #refusals: Tally
  /** How many kinds of refusal were recorded this minute, by user and network. */
  readonly #refusalsOf = new Map<string, number>()

  constructor({ heads, after, ...options }: AuditLogOptions) {
    this.#options = {
      onRelief: () => {},
      flushMs: 200,
      minuteMs: 6e4,
      patienceMs: 5e3,
      maxWaiting: 1e4,
      keepDays: 400,
      now: () => new Date(),
      onDoubt: () => {},
      ...options,
    }
    const { sinks, maxWaiting, flushMs, minuteMs } = this.#options
    this.#backlogs = sinks.map((sink) => new Backlog(sink, maxWaiting))
    this.writes = new Tally({ emit: (event) => this.note(event) })
    this.#refusals = new Tally({ emit: (event) => this.#noteRepeats(event) })
    this.note({ ...ownEvent, action: 'audit begin', heads, after })
    this.#timers = [
      setInterval(() => void this.#flushQuietly(), flushMs).unref(),
      setInterval(() => this.#sumUp(), minuteMs).unref(),
      // Early, too, for a front door that never runs for a whole day.
      setTimeout(() => void this.expire(), minuteMs).unref(),
      setInterval(() => void this.expire(), dayMs).unref(),
      // A reading that fails while the database is away is made up for by the next one.
      setInterval(() => void this.#options.retentionClock.read().catch(() => {}), retentionClockMs).unref(),
    ]
  }

  get now(): Date {
    return this.#options.now()
  }

  /** Queues an event for all sinks, without waiting. */
  note(event: AuditEvent): void {
    const record = this.#options.chain.add(event, this.now)
    for (const backlog of this.#backlogs) backlog.add(record)
  }

  /**
   * Stores an event in one sink before it resolves; the others get it in the background. Throws a `Refusal`
   * when no sink takes it in time. Sinks are tried in order, those that are known to fail last.
   */
  async keep(event: AuditEvent): Promise<void> {
    const record = this.#options.chain.add(event, this.now)
    const added = this.#backlogs.filter((backlog) => backlog.add(record))
    const failures: unknown[] = []
    for (const backlog of added.toSorted((one, other) => this.#trouble(one) - this.#trouble(other))) {
      try {
        return await Promise.race([this.#flush(backlog), rejectAfter(this.#options.patienceMs)])
      } catch (error) {
        failures.push(error)
      }
    }
    throw new Refusal('SOEN_AUDIT_AWAY', new AggregateError(failures))
  }

  /**
   * Records a refusal: the first of its kind at once, repeats as one sum. A caller refused in too many ways
   * gets one sum for all further kinds, so that a scanner cannot fill the disk.
   */
  noteRefusal(who: string, kind: string, event: AuditEvent): void {
    const kept = this.#refusalsOf.get(who) ?? 0
    const isTooMany = kept >= maxRefusalsEach || this.#refusalsOf.size >= maxRefused
    if (!this.#refusals.add(isTooMany ? `${who} …` : `${who} ${kind}`, event, this.now)) return
    this.#refusalsOf.set(who, kept + 1)
    this.note(event)
  }

  /** Writes everything known so far to every sink; rejects when one of them fails. */
  async flush(): Promise<void> {
    this.#sumUp()
    await Promise.all(this.#backlogs.map((backlog) => this.#flush(backlog)))
  }

  /** Drops records past their retention, by a clock that no jump advances, after it has recorded that it will. */
  async expire(): Promise<void> {
    const { keepDays, retentionClock, onDoubt, onTrouble } = this.#options
    let before: string
    try {
      const time = await retentionClock.read()
      const daysAhead = Math.floor((this.now.getTime() - time.getTime()) / dayMs)
      if (daysAhead >= maxDaysAhead) onDoubt(daysAhead)
      before = new Date(time.getTime() - keepDays * dayMs).toISOString()
    } catch (error) {
      return onTrouble(error, 'table')
    }
    for (const backlog of this.#backlogs) {
      try {
        await this.#expireOf(backlog, before)
      } catch (error) {
        onTrouble(error, backlog.sink.name)
      }
    }
  }

  async #expireOf(backlog: Backlog, before: string): Promise<void> {
    const { sink } = backlog
    const { old, gone } = await sink.olderThan(before)
    if (Object.keys(old).length === 0) return
    // The record of the drop must be in the sink that drops: a sink with no room for a record drops none.
    await this.#flush(backlog)
    // Repeats what was dropped earlier, because the records that said so are dropped in time as well.
    const expired = { sink: sink.name, upTo: { ...gone, ...old } }
    await this.keep({ ...ownEvent, action: 'audit expire', expired })
    await this.#flush(backlog)
    await sink.drop(old)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#sumUp()
    this.note({ ...ownEvent, action: 'audit end' })
    await Promise.allSettled(this.#backlogs.map((backlog) => this.#flush(backlog)))
    await Promise.allSettled(this.#backlogs.map(({ sink }) => sink.close()))
  }

  #sumUp(): void {
    this.writes.flush()
    this.#refusals.flush()
    this.#refusalsOf.clear()
  }

  /** The first refusal of each kind was recorded at once, so it is not counted here. */
  #noteRepeats(event: AuditEvent): void {
    const repeats = (event.count ?? 1) - 1
    if (repeats > 0) this.note({ ...event, count: repeats })
  }

  async #flushQuietly(): Promise<void> {
    const now = performance.now()
    const due = this.#backlogs.filter(
      (backlog) => !backlog.isEmpty && now - (this.#failingSince.get(backlog) ?? -retryMs) >= retryMs,
    )
    await Promise.allSettled(due.map((backlog) => this.#flush(backlog)))
  }

  #trouble(backlog: Backlog): number {
    return this.#failingSince.has(backlog) ? 1 : 0
  }

  async #flush(backlog: Backlog): Promise<void> {
    const { name } = backlog.sink
    try {
      await backlog.flush()
    } catch (error) {
      const isNews = !this.#failingSince.has(backlog)
      this.#failingSince.set(backlog, performance.now())
      if (isNews) this.#options.onTrouble(error, name)
      throw error
    }
    if (this.#failingSince.delete(backlog)) this.#options.onRelief(name)
    for (const { from, to } of backlog.takeMissing()) {
      this.note({ ...ownEvent, action: 'audit gap', missing: { sink: name, from, to } })
    }
  }
}

function rejectAfter(ms: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`No sink took the record within ${ms} ms.`)), ms).unref()
  })
}
