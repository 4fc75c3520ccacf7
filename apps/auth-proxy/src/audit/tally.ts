import type { AuditEvent, Subject } from './record.ts'

interface Sum {
  readonly first: AuditEvent
  readonly since: string
  readonly actions: Record<string, number>
  readonly statuses: Record<string, number>
  readonly subjects: Map<string, Subject>
  count: number
  moreSubjects: number
}

interface Options {
  /** Receives each sum as one record. */
  readonly emit: (event: AuditEvent) => void
  readonly maxSums?: number
  readonly maxSubjects?: number
}

/**
 * Sums up frequent events: one record per key and minute, with counts. Bounded: when there are too many keys,
 * all sums are emitted early, which costs extra records but loses nothing.
 */
export class Tally {
  readonly #options: Required<Options>
  #sums = new Map<string, Sum>()

  constructor({ emit, maxSums = 5000, maxSubjects = 20 }: Options) {
    this.#options = { emit, maxSums, maxSubjects }
  }

  /** Counts an event; returns true for the first of its key since the last flush. */
  add(key: string, event: AuditEvent, now: Date): boolean {
    const known = this.#sums.get(key)
    if (known === undefined && this.#sums.size >= this.#options.maxSums) this.flush()
    const sum = known ?? startSum(event, now)
    this.#sums.set(key, sum)
    sum.count += 1
    increase(sum.actions, event.action)
    increase(sum.statuses, String(event.status ?? 'none'))
    for (const subject of event.subjects) this.#addSubject(sum, subject)
    return known === undefined
  }

  /** Emits every sum and starts again. */
  flush(): void {
    const sums = this.#sums
    this.#sums = new Map()
    for (const sum of sums.values()) this.#options.emit(asEvent(sum))
  }

  #addSubject(sum: Sum, subject: Subject): void {
    const key = `${subject.kind} ${subject.value}`
    if (sum.subjects.has(key)) return
    if (sum.subjects.size < this.#options.maxSubjects) sum.subjects.set(key, subject)
    else sum.moreSubjects += 1
  }
}

function startSum(first: AuditEvent, now: Date): Sum {
  const counts = { actions: {}, statuses: {}, subjects: new Map(), count: 0, moreSubjects: 0 }
  return { first, since: now.toISOString(), ...counts }
}

function increase(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}

function asEvent({ first, since, count, actions, statuses, subjects, moreSubjects }: Sum): AuditEvent {
  const { requestId: _requestId, status, ...shared } = first
  return {
    ...shared,
    since,
    count,
    subjects: [...subjects.values()],
    ...(Object.keys(statuses).length === 1 ? { status } : { statuses }),
    ...(Object.keys(actions).length === 1 ? {} : { actions }),
    ...(moreSubjects === 0 ? {} : { moreSubjects }),
  }
}
