import { isUnaltered, readLine } from './record.ts'
import type { AuditRecord, ChainMark } from './record.ts'
import type { SignedHead } from './signatures.ts'

/** A problem found in the records, and where. */
export interface Flaw {
  readonly kind: 'altered' | 'missing' | 'out of order' | 'unreadable' | 'cut off' | 'differs'
  /** `file NAME, line 7`, or `table`. */
  readonly place: string
  readonly writer?: string
  readonly seq?: number
  /** A sentence that describes it. */
  readonly message: string
}

/** The end of a chain. */
export interface ChainEnd {
  readonly seq: number
  readonly hash: string
  readonly time: string
  readonly place: string
  /** Whether its front door shut down cleanly. */
  readonly isEnded: boolean
  /** Number of the first record of the chain's last seconds. */
  readonly recentFrom: number
}

interface ChainState extends ChainEnd {
  readonly recent: { readonly seq: number; readonly ms: number }[]
}

/** How far one sink may be ahead of the other while a front door writes. */
const lagMs = 15_000

/** A gap in the numbers or a missing beginning: fine only if a record explains it. */
interface Jump {
  readonly flaw: Flaw
  readonly writer: string
  readonly from: number
  readonly to: number
}

/** Checks the chains of one sink, record by record, in the order in which they are stored. */
export class ChainCheck {
  readonly #sink: 'file' | 'table'
  /** Signed heads whose records have not been reached yet. */
  readonly #signed: Map<string, SignedHead>
  readonly #chains = new Map<string, ChainState>()
  readonly #found: (Flaw | Jump)[] = []
  readonly #missing: { writer: string; from: number; to: number }[] = []
  readonly #expired = new Map<string, number>()
  /** What first records vouch for: the ends of other chains. */
  readonly anchors: ChainMark[] = []
  records = 0

  constructor(sink: 'file' | 'table', signed: readonly SignedHead[] = []) {
    this.#sink = sink
    this.#signed = new Map(signed.map((head) => [markKey(head), head]))
  }

  get chains(): ReadonlyMap<string, ChainEnd> {
    return this.#chains
  }

  /** The number up to which the records of a chain were dropped because of their age. */
  expiredUpTo(writer: string): number {
    return this.#expired.get(writer) ?? 0
  }

  add(line: string, place: string): AuditRecord | undefined {
    const record = readLine(line)
    if (record === undefined) {
      this.#found.push({ kind: 'unreadable', place, message: `This is no record: ${place}.` })
      return undefined
    }
    this.records += 1
    const { writer, seq } = record
    if (!isUnaltered(record, line)) {
      this.flaw({ kind: 'altered', place, writer, seq, message: `Record ${seq} was altered.` })
    } else this.#heed(record)
    this.#follow(record, place)
    this.#compareWithSigned(record, place)
    return record
  }

  flaw(flaw: Flaw): void {
    this.#found.push(flaw)
  }

  /** All problems that no record explains, in the order of their places. */
  flaws(): readonly Flaw[] {
    const found = this.#found.flatMap((one) => {
      if (!('flaw' in one)) return one
      return this.#isExplained(one) ? [] : one.flaw
    })
    return [...found, ...this.#cutOff()]
  }

  #heed({ writer, missing, expired, heads = [] }: AuditRecord): void {
    if (missing?.sink === this.#sink) this.#missing.push({ writer, from: missing.from, to: missing.to })
    if (expired?.sink === this.#sink) {
      for (const [of, upTo] of Object.entries(expired.upTo)) {
        this.#expired.set(of, Math.max(upTo, this.expiredUpTo(of)))
      }
    }
    this.anchors.push(...heads)
  }

  #follow({ writer, seq, hash, prev, time, action }: AuditRecord, place: string): void {
    const before = this.#chains.get(writer)
    const expected = (before?.seq ?? 0) + 1
    const at = { place, writer, seq }
    if (seq < expected) {
      this.flaw({
        ...at,
        kind: 'out of order',
        message: `Record ${seq} stands behind record ${expected - 1}.`,
      })
      return
    }
    if (seq > expected) {
      const range = seq - 1 === expected ? `Record ${expected} is` : `Records ${expected} to ${seq - 1} are`
      const flaw = { ...at, kind: 'missing', message: `${range} missing before record ${seq}.` } as const
      this.#found.push({ flaw, writer, from: expected, to: seq - 1 })
    } else if (prev !== (before?.hash ?? '')) {
      this.flaw({ ...at, kind: 'altered', message: `Record ${seq} does not follow from the one before it.` })
    }
    const ms = Date.parse(time)
    const recent = before?.recent ?? []
    recent.push({ seq, ms })
    while ((recent[0]?.ms ?? ms) < ms - lagMs) recent.shift()
    const recentFrom = recent[0]?.seq ?? seq
    const isEnded = action === 'audit end'
    this.#chains.set(writer, { seq, hash, time, place, isEnded, recentFrom, recent })
  }

  #compareWithSigned({ writer, seq, hash }: AuditRecord, place: string): void {
    const key = markKey({ writer, seq })
    const signed = this.#signed.get(key)
    this.#signed.delete(key)
    if (signed === undefined || signed.hash === hash) return
    const message = `Record ${seq} is not the one that was signed at ${signed.time}.`
    this.flaw({ kind: 'altered', place, writer, seq, message })
  }

  /** Reports records that were signed and did not expire, but are missing. */
  #cutOff(): readonly Flaw[] {
    const gone = [...this.#signed.values()].filter(({ writer, seq }) => seq > this.expiredUpTo(writer))
    return gone.map(({ writer, seq, time }) => ({
      kind: 'cut off',
      place: `${this.#sink} of ${writer}`,
      writer,
      seq,
      message: `Record ${seq} of ${writer} was signed at ${time}, and is gone.`,
    }))
  }

  #isExplained({ writer, from, to }: Jump): boolean {
    if (from === 1 && to <= this.expiredUpTo(writer)) return true
    return this.#missing.some((gap) => gap.writer === writer && gap.from <= from && to <= gap.to)
  }
}

function markKey({ writer, seq }: Pick<ChainMark, 'writer' | 'seq'>): string {
  return `${writer} ${seq}`
}
