import { createWriteStream, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import {
  Outbox,
  placeUpload,
  type CallRecord,
  type JournalHeader,
  type JournalRecord,
  type OutboxParts,
} from '@soen/mlflow-client/delivery'
import type { RunStatus, WireKeyValue, WireMetric } from '@soen/mlflow-client/rest'
import { RunView, type RunBeginning } from './run-view.ts'
import { changedParam, checkBatch, type LoggedBatch } from './validate.ts'

/** What a relayed run works with. */
export interface RelayedRunParts {
  readonly header: JournalHeader
  readonly folder: string
  readonly beginning: RunBeginning
  /** False for a run of another program, which sets its state itself. */
  readonly isLive?: boolean
  /** The outbox's parts except those specific to this run. */
  readonly outbox: Omit<OutboxParts, 'header' | 'folder'>
}

/** A run that a program logs to through the relay: each call is in its journal before it is answered. */
export class RelayedRun {
  readonly header: JournalHeader
  readonly view: RunView
  readonly #parts: RelayedRunParts
  #outbox: Outbox
  readonly #files = new Map<string, string>()
  #uploads = 0
  #reopened = 0
  #isStarted: boolean
  /** Whether the journal holds the run's end. */
  #hasEnd = false

  constructor(parts: RelayedRunParts) {
    this.#parts = parts
    this.header = parts.header
    this.view = new RunView(parts.beginning)
    this.#isStarted = parts.header.joins === undefined
    this.#outbox = this.#open(parts.header, parts.folder, parts.isLive)
  }

  /** The program's id of the run. */
  get id(): string {
    return this.view.runId
  }

  /** Resolves when the run is on the server. */
  get opened(): Outbox['opened'] {
    return this.#outbox.opened
  }

  /** The server's id of the run, once it is known. */
  get serverId(): string | undefined {
    return this.#outbox.remote?.runId
  }

  /** The folder of its journal. */
  get folder(): string {
    return this.#outbox.folder
  }

  get isRunning(): boolean {
    return this.view.status === 'RUNNING' || this.view.status === 'SCHEDULED'
  }

  /**
   * Log a batch: all of it or, where MLflow would refuse it, nothing.
   *
   * @throws MlflowError `INVALID_PARAMETER_VALUE`
   */
  logBatch(batch: LoggedBatch): void {
    const { metrics, params, tags } = batch
    checkBatch(batch)
    for (const { key, value } of params) {
      const before = this.view.param(key)
      if (before !== undefined && before !== value) throw changedParam(key, before, value, this.id)
    }
    const records: JournalRecord[] = []
    if (params.length > 0) records.push({ k: 'p', v: toObject(params) })
    if (tags.length > 0) records.push({ k: 't', v: toObject(tags) })
    for (const param of params) this.view.setParam(param)
    for (const tag of tags) this.view.setTag(tag)
    for (const point of metrics) this.view.addPoint(point)
    this.#append(...records, ...toMetricRecords(metrics))
  }

  removeTag(key: string): void {
    this.view.removeTag(key)
    this.#append({ k: 't', v: { [key]: null } })
  }

  /** Record what another route asks for. */
  note(record: CallRecord): void {
    this.#append(record)
  }

  rename(name: string): void {
    this.view.name = name
    this.#append({ k: 'c', route: 'POST runs/update', request: { run_name: name } })
  }

  /** End the run, as the program asked. */
  end(status: RunStatus, endTimeMs: number = Date.now()): void {
    this.view.status = status
    this.view.endTimeMs = endTimeMs
    this.#append(this.#end)
  }

  /** Whether the program has started this run and not ended it: nobody else will end it. */
  get isLeftOpen(): boolean {
    return this.#isStarted && this.isRunning
  }

  /** Start or continue the run, as the program asked; it may have ended before. */
  async resume(): Promise<void> {
    this.#isStarted = true
    if (this.isRunning) return
    await this.flush(5_000)
    this.view.status = 'RUNNING'
    this.view.endTimeMs = undefined
    if (this.#outbox.isClosed) this.#reopen({ isLive: true })
  }

  /** Accept a file: it is among the run's artifacts once it is complete here. */
  async takeFile(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.#outbox.isClosed) this.#reopen({ isLive: this.isRunning })
    this.#uploads += 1
    const place = placeUpload(this.#uploads)
    const partial = join(this.folder, `${place}.part`)
    mkdirSync(join(this.folder, 'uploads'), { recursive: true, mode: 0o700 })
    try {
      await pipeline(bytes, createWriteStream(partial, { mode: 0o600 }))
      renameSync(partial, join(this.folder, place))
    } catch (error) {
      rmSync(partial, { force: true })
      throw error
    }
    this.#files.set(path, join(this.folder, place))
    this.#append({ k: 'a', file: place, to: path })
  }

  /**
   * The path of a file that the program uploaded to the relay and that was not delivered yet; undefined for any
   * other.
   */
  waitingFile(path: string): string | undefined {
    const file = this.#files.get(path)
    if (file !== undefined && statSync(file, { throwIfNoEntry: false })?.isFile() === true) return file
    this.#files.delete(path)
    return undefined
  }

  /** The sizes, in bytes, of files waiting for delivery, by their paths among the run's artifacts. */
  waitingFiles(): ReadonlyMap<string, number> {
    const sizes = [...this.#files].flatMap(([path, file]): [string, number][] => {
      const size = statSync(file, { throwIfNoEntry: false })?.size
      return size === undefined ? [] : [[path, size]]
    })
    return new Map(sizes)
  }

  /** Deliver what is there, for at most `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    await this.#outbox.deliver(timeoutMs)
  }

  /** Stop delivering; what is left stays in the journal. */
  close(): void {
    this.#outbox.close()
  }

  /** Accepted records are on disk when this returns: a kill of the relay loses nothing that was answered. */
  #append(...records: readonly JournalRecord[]): void {
    if (this.#outbox.isClosed) this.#reopen({ isLive: this.isRunning })
    for (const record of records) this.#outbox.append(record)
    this.#hasEnd ||= records.some(({ k }) => k === 'e')
    // A journal is done with when its run's end is delivered, also one of records that came after that.
    if (!this.isRunning && !this.#hasEnd) {
      this.#hasEnd = true
      this.#outbox.append(this.#end)
    }
    this.#outbox.save()
  }

  get #end(): JournalRecord {
    const { status, endTimeMs = Date.now() } = this.view
    return { k: 'e', at: endTimeMs, status }
  }

  /** Start another journal: the previous one was delivered completely and is deleted. */
  #reopen({ isLive }: { readonly isLive: boolean }): void {
    this.#reopened += 1
    this.#hasEnd = false
    const folder = `${this.#parts.folder}.${this.#reopened + 1}`
    this.#outbox = this.#open({ ...this.header, joins: this.serverId }, folder, isLive)
  }

  #open(header: JournalHeader, folder: string, isLive = true): Outbox {
    const { outbox } = this.#parts
    // For a run that is not ours to continue, which delivery must not set to running again.
    const open = { ...outbox.open, ...(isLive ? {} : { diedAtMs: Date.now() }) }
    const opened = new Outbox({ ...outbox, header, folder, open })
    opened.start()
    return opened
  }
}

/** One record for the points of one moment; a metric that occurs twice in it starts another record. */
function toMetricRecords(metrics: readonly WireMetric[]): JournalRecord[] {
  const records: { k: 'm'; at: number; s: number; v: Record<string, WireMetric['value']> }[] = []
  for (const { key, value, timestamp, step = 0 } of metrics) {
    const [at, s] = [Number(timestamp), Number(step)]
    const last = records.at(-1)
    if (last !== undefined && last.at === at && last.s === s && !Object.hasOwn(last.v, key))
      last.v[key] = value
    else records.push({ k: 'm', at, s, v: { [key]: value } })
  }
  return records
}

function toObject(pairs: readonly WireKeyValue[]): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]))
}
