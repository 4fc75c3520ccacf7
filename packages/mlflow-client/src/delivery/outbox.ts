import type { HeldFile } from '../artifacts/take-file.ts'
import type { UploadState } from '../artifacts/upload.ts'
import type { ClientError } from '../errors/client-error.ts'
import { amendJournal } from '../journal/amend.ts'
import { writeHeader, type JournalHeader, type RemoteRun } from '../journal/header.ts'
import { Journal } from '../journal/journal.ts'
import type { JournalPolicy } from '../journal/journal-policy.ts'
import { itemsIn, type JournalRecord } from '../journal/records.ts'
import type { EndRecord } from '../journal/records/end.ts'
import { journalMoved, metricsThinned, spoolFull, spoolUnwritable, valuesLost } from '../journal/warnings.ts'
import type { Transport } from '../rest/transport.ts'
import { settleMs, type RetryPolicy } from '../settings/retry-policy.ts'
import { folderMemory } from './folder-memory.ts'
import type { OpenOptions } from './open-run.ts'
import type { KnownServer } from './known-server.ts'
import { Patience, type PatienceOptions } from './patience.ts'
import type { Tally } from './receipt.ts'
import { Sender } from './sender.ts'

/** A running training sends once a second: charts look live, and the server has little to do. */
const DELIVER_EVERY_MS = 1000

/** What an outbox works with. */
export interface OutboxParts {
  /** What is known of the run when it starts. */
  readonly header: JournalHeader
  /** Where its journal is kept. */
  readonly folder: string
  readonly policy: JournalPolicy
  readonly transport: Transport
  readonly retry: RetryPolicy
  /** Shared with the other runs that go to the same server. */
  readonly server?: KnownServer | undefined
  /** Counts what is accepted here, and what becomes of it. */
  readonly tally: Tally
  readonly open?: Omit<OpenOptions, 'settleMs'>
  /** For requests to the object store, which is not the server. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Resolves when the copy of a file is complete. */
  readonly copied?: (file: HeldFile) => Promise<void>
  readonly onProgress?: ((state: UploadState) => void) | undefined
  readonly onState?: PatienceOptions['onState']
  readonly onRefused?: PatienceOptions['onRefused']
  /** Called when the disk starts to refuse or, without an error, works again. */
  readonly onDisk?: (error?: ClientError) => void
  readonly onWarn: (warning: ClientError) => void
  /** Called when nothing more can be logged to the run. */
  readonly onClosed?: () => void
}

/**
 * The way of one run to the server: an accepted record is in its journal within 50 ms, and on the server a second
 * later, or when the server is back.
 *
 * Records come from a `Run`, or from a program that answers MLflow's API in its place. What is left when the outbox
 * closes is delivered by a later sync.
 */
export class Outbox {
  readonly #parts: OutboxParts
  readonly #journal: Journal
  readonly #patience: Patience
  readonly #sender: Sender
  #timer: NodeJS.Timeout | undefined
  #thinned = 0
  #isFullTold = false
  #hasEnd = false
  #isClosed = false

  constructor(parts: OutboxParts) {
    this.#parts = parts
    const { header, folder, policy, transport, retry, tally, server, onState, onRefused, onDisk, onWarn } =
      parts
    this.#journal = new Journal(folder, header, {
      policy,
      onFlushed: () => this.#deliverSoon(),
      onDisk: (error) => onDisk?.(error === undefined ? undefined : spoolUnwritable(this.folder, error)),
      onLost: (items) => this.#lose(items),
      onThinned: (points) => this.#noteThinned(points),
      onFull: () => this.#tellFull(),
      onMoved: (to) => this.#goOnIn(to),
    })
    this.#patience = new Patience(retry, {
      health: server?.health,
      ...(onRefused && { onRefused }),
      onState: (state, error) => {
        if (error !== undefined) tally.warn(error)
        onState?.(state, error)
      },
    })
    this.#sender = new Sender({
      source: this.#journal,
      header,
      memory: folderMemory(this.#journal),
      transport: server?.limit(transport) ?? transport,
      patience: this.#patience,
      tally,
      timeoutMs: retry.timeoutMs,
      fetch: parts.fetch,
      onProgress: parts.onProgress,
      ...(parts.copied && { copied: parts.copied }),
      open: {
        ...parts.open,
        ...(server && { experimentId: server.experimentId, forget: server.forget }),
        settleMs: settleMs(retry),
      },
      onWarn,
      onIdle: () => this.#finish(),
    })
  }

  /** From now on, the next sync creates the run even if this process is killed. */
  start(): void {
    this.#journal.flush()
    this.#sender.start()
  }

  /** Resolves when the run is on the server. */
  get opened(): Promise<RemoteRun> {
    return this.#sender.opened
  }

  /** The run on the server, once it is known. */
  get remote(): RemoteRun | undefined {
    return this.#sender.remote
  }

  /** The current folder of its journal. */
  get folder(): string {
    return this.#journal.folder
  }

  /** Whether it accepts nothing any more. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Whether the journal's folder exists and can take files. */
  get isOnDisk(): boolean {
    return this.#journal.isOnDisk
  }

  /** Accept a record. */
  append(record: JournalRecord): void {
    if (record.k === 'e') this.#hasEnd = true
    this.#parts.tally.accepted += itemsIn(record)
    this.#journal.append(record)
  }

  /** Accept the end of a run whose program seems to be over; later records are still accepted. */
  appendLikelyEnd(end: EndRecord): void {
    this.#journal.append(end)
  }

  /** Accept the record of one log call as JSON, the fast path for metrics. */
  appendMetrics(json: string, items: number): void {
    this.#parts.tally.accepted += items
    this.#journal.appendJson(json, items, true)
  }

  /**
   * Accept a record at any time: a journal that was completed and removed is created again, for a later sync. Throws
   * what the disk throws.
   */
  amend(record: JournalRecord): void {
    if (!this.#isClosed) {
      this.append(record)
      return this.save()
    }
    const { header } = this.#parts
    amendJournal(this.folder, { ...header, names: undefined, joins: this.remote?.runId }, record)
  }

  /** Write everything that was accepted to disk, at once. */
  save(): void {
    if (!this.#isClosed) this.#journal.flush()
  }

  /** Deliver what is there, for at most `timeoutMs`. */
  async deliver(timeoutMs: number): Promise<void> {
    if (this.#isClosed) return
    this.#journal.flush()
    await this.#sender.drain(timeoutMs)
  }

  /** Stop delivering. What is left stays in the journal for a later sync. */
  close(): void {
    this.#patience.stop()
    this.#close({ isDelivered: false })
  }

  /** Everything has been sent: if the run has ended as well, its journal is removed. */
  #finish(): void {
    if (this.#hasEnd && !this.#isClosed && this.#journal.isDrained)
      this.#close({ isDelivered: this.#sender.hasNoFiles })
  }

  #close(state: { readonly isDelivered: boolean }): void {
    if (this.#isClosed) return
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#journal.close(state)
    this.#parts.onClosed?.()
  }

  #deliverSoon(): void {
    if (this.#isClosed) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#sender.start()
    }, DELIVER_EVERY_MS).unref()
  }

  #lose(items: number): void {
    const { header, tally, onWarn } = this.#parts
    tally.dropped += items
    onWarn(valuesLost(this.folder, header.name, items))
  }

  /** Tags the run, so that a chart with missing points says why. */
  #noteThinned(points: number): void {
    const { header, tally, onWarn } = this.#parts
    if (this.#thinned === 0) onWarn(metricsThinned(this.folder, header.name))
    this.#thinned += points
    tally.dropped += points
    if (!this.#isClosed) this.append({ k: 't', v: { 'soen.metrics_thinned': String(this.#thinned) } })
  }

  /**
   * The process that took the journal may have delivered it and ended the run: the run is looked up and set to
   * running again.
   */
  #goOnIn(folder: string): void {
    const header = { ...this.#parts.header, ...(this.remote && { joins: this.remote.runId }) }
    writeHeader(folder, header)
    this.#sender.reopen(header)
    this.#parts.onWarn(journalMoved(header.name, folder))
  }

  #tellFull(): void {
    if (this.#isFullTold) return
    this.#isFullTold = true
    this.#parts.onWarn(spoolFull(this.folder))
  }
}
