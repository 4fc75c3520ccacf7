import { rmSync } from 'node:fs'
import { releaseLock, RENEW_MS, renewLock, takeLock } from '../node/lock.ts'
import { isMissing } from '../node/missing.ts'
import { START, writeCursor, type Position } from './cursor.ts'
import type { DiskCap } from './disk-cap.ts'
import { createJournalFolder, linkUploads, nextFolder, removeJournalFolder, segmentPath } from './folder.ts'
import { writeHeader, type JournalHeader } from './header.ts'
import { DEFAULT_JOURNAL_POLICY, type JournalPolicy } from './journal-policy.ts'
import { parseLines } from './line.ts'
import { LineBuffer } from './line-buffer.ts'
import { PendingLines } from './pending-lines.ts'
import { readChunk, type Chunk } from './read-chunk.ts'
import { itemsIn, type JournalRecord } from './records.ts'
import { SegmentWriter } from './segment-writer.ts'
import { WritePace } from './write-pace.ts'

/** Options of a journal, with timings that tests can shorten. */
export interface JournalOptions {
  readonly policy?: JournalPolicy
  /** A kill loses at most what was accepted in this time. */
  readonly flushAfterMs?: number
  readonly flushAfterBytes?: number
  /** How much is held in memory at most while the disk refuses. */
  readonly memoryCapBytes?: number
  /** Called after each write, when there is something new to deliver. */
  readonly onFlushed?: () => void
  /** Called when the disk starts to refuse and, without an error, when it works again. */
  readonly onDisk?: (error: unknown) => void
  /** Called with the number of items lost when memory ran out as well. */
  readonly onLost?: (items: number) => void
  /** Called with the number of metric points dropped because the journal reached its disk limit. */
  readonly onThinned?: (points: number) => void
  /** Called when the journal exceeds its limit and nothing more can be dropped. */
  readonly onFull?: () => void
  /**
   * Called when the folder was lost, to another process or altogether, with the folder in which the journal
   * continues.
   */
  readonly onMoved?: (folder: string) => void
  /** The interval at which the lease is renewed. */
  readonly renewEveryMs?: number
  readonly writer?: JournalWriter
}

type JournalWriter = Pick<SegmentWriter, 'append' | 'close' | 'end' | 'moveTo' | 'sync'>

/** Records read from a journal, to be acknowledged when the server has them. */
export interface JournalChunk extends Chunk {
  /** Set when the records came from memory because the disk refuses. */
  readonly memoryThrough?: number
}

/** The live journal of one run: its only writer, and the reader that delivery uses. */
export class Journal {
  #folder: string
  readonly #header: JournalHeader
  readonly #options: Required<Omit<JournalOptions, 'writer'>>
  readonly #writer: JournalWriter
  readonly #pending = new PendingLines()
  readonly #sealed = new LineBuffer()
  #cap: DiskCap | undefined
  #timer: NodeJS.Timeout | undefined
  readonly #pace: WritePace
  #syncTimer: NodeJS.Timeout | undefined
  #renewTimer: NodeJS.Timeout | undefined
  #renewedAt = -Infinity
  #measuredSegment = START.segment
  #acknowledged: Position = START
  #isReady = false
  #isFailing = false

  constructor(folder: string, header: JournalHeader, { writer, ...options }: JournalOptions = {}) {
    this.#folder = folder
    this.#header = header
    this.#writer = writer ?? new SegmentWriter(folder)
    this.#options = {
      policy: DEFAULT_JOURNAL_POLICY,
      // A kill may cost 50 ms, and timers come late.
      flushAfterMs: 40,
      flushAfterBytes: 64 * 1024,
      memoryCapBytes: 16 * 1024 * 1024,
      onFlushed: () => {},
      onDisk: () => {},
      onLost: () => {},
      onThinned: () => {},
      onFull: () => {},
      onMoved: () => {},
      renewEveryMs: RENEW_MS,
      ...options,
    }
    this.#pace = new WritePace(this.#options.flushAfterMs)
  }

  /** Its current folder, which changes when it is lost. */
  get folder(): string {
    return this.#folder
  }

  /** Whether the folder exists and can take files. */
  get isOnDisk(): boolean {
    return this.#isReady && !this.#isFailing
  }

  /** Accept a record. Never throws; it is on disk within `flushAfterMs`. */
  append(record: JournalRecord): void {
    this.appendJson(JSON.stringify(record), itemsIn(record), false)
  }

  /** Accept a record that is already JSON: the fast path for metrics. */
  appendJson(json: string, items: number, expendable: boolean): void {
    this.#pending.push({ json, items, expendable })
    if (this.#isFailing) this.#dropExcess()
    const { policy, flushAfterBytes, flushAfterMs } = this.#options
    const isDue =
      this.#pace.isDue(this.#pending.length) ||
      policy.durability === 'sync' ||
      this.#pending.bytes >= flushAfterBytes
    if (isDue && !this.#isFailing) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), flushAfterMs).unref()
  }

  /** Write what is pending. If the disk refuses, it stays in memory, up to the cap. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    try {
      this.#prepare()
      this.#stayOwner()
      const { lines, through } = this.#pending.peek()
      if (lines.length > 0) this.#write(this.#sealed.seal(lines))
      this.#pending.discardThrough(through)
      if (this.#isFailing) this.#options.onDisk(undefined)
      this.#isFailing = false
    } catch (error) {
      this.#holdInMemory(error)
    }
    this.#options.onFlushed()
  }

  /** The records after a chunk, by default after everything acknowledged; undefined when there are none. */
  read(after?: JournalChunk): JournalChunk | undefined {
    if (after?.memoryThrough !== undefined) return undefined
    const from = after?.next ?? this.#acknowledged
    const onDisk = this.#isReady ? this.#readDisk(from) : undefined
    if (after !== undefined) return onDisk
    if (onDisk !== undefined || !this.#isFailing || this.#pending.length === 0) return onDisk
    const { lines, through } = this.#pending.peek(5000)
    const { records } = parseLines(this.#sealed.seal(lines))
    return { records, corrupt: 0, next: this.#acknowledged, memoryThrough: through }
  }

  /** Renew the lease now: if another process or the file system has taken the folder, continue in another. */
  checkOwner(): void {
    this.#renewedAt = -Infinity
    this.flush()
  }

  #readDisk(from: Position): Chunk | undefined {
    try {
      return readChunk(this.#folder, from, { end: this.#writer.end })
    } catch (error) {
      if (!isMissing(error)) throw error
      this.checkOwner()
      return readChunk(this.#folder, from, { end: this.#writer.end })
    }
  }

  /** Whether every accepted record has been acknowledged. */
  get isDrained(): boolean {
    return this.#pending.length === 0 && this.read() === undefined
  }

  /** Drop records that the server has. */
  acknowledge(chunk: JournalChunk): void {
    if (chunk.memoryThrough !== undefined) {
      this.#pending.discardThrough(chunk.memoryThrough)
      return
    }
    const passed = this.#acknowledged.segment
    this.#acknowledged = chunk.next
    try {
      writeCursor(this.folder, chunk.next)
      for (let segment = passed; segment < chunk.next.segment; segment += 1) {
        rmSync(segmentPath(this.folder, segment), { force: true })
      }
    } catch (error) {
      // The cursor in memory has advanced; at worst the next process sends a few records again.
      this.#holdInMemory(error)
    }
  }

  /** Write the rest and close the files; delete them when everything was delivered. */
  close({ isDelivered }: { readonly isDelivered: boolean }): void {
    this.checkOwner()
    for (const timer of [this.#timer, this.#syncTimer, this.#renewTimer]) clearTimeout(timer)
    this.#timer = undefined
    const { lines, through } = this.#pending.peek()
    const lost = lines.reduce((sum, { items }) => sum + items, 0)
    if (lost > 0) this.#options.onLost(lost)
    this.#pending.discardThrough(through)
    this.#closeWriter(!isDelivered)
    if (!this.#isReady) return
    if (!isDelivered) return releaseLock(this.folder)
    try {
      removeJournalFolder(this.folder)
    } catch {
      // A folder that cannot be deleted now is found empty by the next sync, which deletes it.
    }
  }

  /** Create the folder. Retried with each flush, in case the failure was temporary. */
  #prepare(): void {
    if (this.#isReady) return
    createJournalFolder(this.folder)
    if (!takeLock(this.folder)) throw new Error('another process is writing this journal')
    writeHeader(this.folder, this.#header)
    this.#isReady = true
    this.#renewedAt = performance.now()
    // A training that logs nothing for a long time must renew its lease as well.
    const { renewEveryMs } = this.#options
    this.#renewTimer = setInterval(() => this.#renew(), renewEveryMs).unref()
  }

  #renew(): void {
    try {
      this.#stayOwner()
    } catch (error) {
      this.#holdInMemory(error)
    }
  }

  /** Renew the lease. A folder that is lost, to another process or altogether, is left behind. */
  #stayOwner(): void {
    const nowMs = performance.now()
    if (!this.#isFailing && nowMs - this.#renewedAt < this.#options.renewEveryMs) return
    if (!renewLock(this.#folder)) this.#moveElsewhere()
    this.#renewedAt = nowMs
  }

  #moveElsewhere(): void {
    const folder = nextFolder(this.#folder)
    createJournalFolder(folder)
    try {
      takeLock(folder)
      writeHeader(folder, this.#header)
      writeCursor(folder, this.#acknowledged)
      this.#writer.moveTo(folder)
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
    linkUploads(this.#folder, folder)
    this.#folder = folder
    this.#options.onMoved(folder)
  }

  #write(bytes: Buffer): void {
    this.#writer.append(bytes)
    const { fsyncEveryMs } = this.#options.policy
    if (fsyncEveryMs > 0) this.#syncTimer ??= setTimeout(() => this.#sync(), fsyncEveryMs).unref()
    const { segment } = this.#writer.end
    if (segment === this.#measuredSegment) return
    this.#measuredSegment = segment
    // If the folder cannot be read or rewritten now, it is measured again with the next segment.
    void this.#enforceCap().catch(() => {})
  }

  /** Loaded only by runs that fill a segment. */
  async #enforceCap(): Promise<void> {
    const { DiskCap } = await import('./disk-cap.ts')
    const { policy: limits, onThinned, onFull } = this.#options
    const isIdle = (segment: number): boolean => this.#isIdle(segment)
    this.#cap ??= new DiskCap({ folder: () => this.#folder, limits, isIdle, onThinned, onFull })
    await this.#cap.enforce()
  }

  #sync(): void {
    this.#syncTimer = undefined
    // A disk that cannot sync will soon refuse writes as well, which is reported.
    void this.#writer.sync().catch(() => {})
  }

  #closeWriter(isKept: boolean): void {
    try {
      this.#writer.close({ isKept: isKept && this.#options.policy.fsyncEveryMs > 0 })
    } catch (error) {
      this.#options.onDisk(error)
    }
  }

  /** The current segment and the one after it may be in delivery; the last one is being written. */
  #isIdle(segment: number): boolean {
    return segment > this.#acknowledged.segment + 1 && segment < this.#writer.end.segment
  }

  #holdInMemory(error: unknown): void {
    this.#dropExcess()
    if (!this.#isFailing) this.#options.onDisk(error)
    this.#isFailing = true
    this.#timer ??= setTimeout(() => this.flush(), 20 * this.#options.flushAfterMs).unref()
  }

  #dropExcess(): void {
    const lost = this.#pending.enforceCap(this.#options.memoryCapBytes)
    if (lost > 0) this.#options.onLost(lost)
  }
}
