import { setImmediate as nextTurn } from 'node:timers/promises'
import type { UploadState } from '../artifacts/upload.ts'
import type { KnownServer } from '../delivery/known-server.ts'
import { Outbox } from '../delivery/outbox.ts'
import type { PatienceOptions } from '../delivery/patience.ts'
import { Tally, type Receipt } from '../delivery/receipt.ts'
import type { ClientError } from '../errors/client-error.ts'
import { textOf } from '../errors/text-of.ts'
import type { JournalHeader, RemoteRun } from '../journal/header.ts'
import type { JournalPolicy } from '../journal/journal-policy.ts'
import type { Transport } from '../rest/transport.ts'
import type { RunStatus } from '../rest/wire.ts'
import type { RemoteSettings } from '../settings/settings.ts'
import { toWireDataset, type Dataset } from './dataset.ts'
import { checkStatus, checkWait } from './check-options.ts'
import { flattenParams, spellTags, spellValue, toStorableText, type FlatTexts } from './flatten.ts'
import { MetricLineWriter } from './metric-line.ts'
import type { ArtifactOptions, EndOptions, LogOptions, Run, RunOptions, WaitOptions } from './run.ts'
import { RunUploads } from './run-uploads.ts'
import { RunWarnings } from './run-warnings.ts'
import { shortenNote } from './shorten-note.ts'

/** MLflow silently truncates longer values. */
const MAX_LENGTH = { p: 6000, t: 8000 } as const
const WHOLE_NOTE = 'notes/description.md'

/** Higher exit codes stand for signals, as in shells and schedulers. */
const SIGNAL_EXIT_CODE = 128

/** What a run works with. */
export interface JournaledRunParts {
  readonly header: JournalHeader
  /** The parent run. */
  readonly parent?: JournaledRun | undefined
  readonly startChild: (options: RunOptions | undefined, parent: JournaledRun) => Run
  /** The interval of system metrics; undefined when they are not wanted. */
  readonly watchEveryMs?: number | undefined
  readonly folder: string
  readonly settings: RemoteSettings
  readonly policy: JournalPolicy
  readonly transport: Transport
  /** Shared by all runs of the client. */
  readonly server: KnownServer
  /** For requests to the object store, which is not the server. */
  readonly fetch: typeof globalThis.fetch
  readonly onProgress: (state: UploadState) => void
  readonly onRefused: () => void
  /** Resolves when what an earlier process of the job left has been delivered. */
  readonly beforeResuming: (resumeKey: string) => Promise<void>
  /** Called when the run was ended by leaving its block. */
  readonly onLeft: (run: JournaledRun) => void
  /** Called when nothing more can be logged to the run. */
  readonly onClosed: (run: JournaledRun) => void
  readonly onWarn: (warning: ClientError) => void
  readonly onState: NonNullable<PatienceOptions['onState']>
  /** Called when the disk starts to refuse or, without an error, works again. */
  readonly onDisk: (error?: ClientError) => void
}

/** A run whose every call goes through its journal. */
export class JournaledRun implements Run {
  readonly id: string
  readonly name: string
  /** What was fixed when it was started. */
  readonly header: JournalHeader
  readonly #startChild: JournaledRunParts['startChild']
  readonly #settings: RemoteSettings
  readonly #tally = new Tally()
  readonly #warnings: RunWarnings
  readonly #lines = new MetricLineWriter()
  readonly #uploads: RunUploads
  readonly #outbox: Outbox
  readonly #onLeft: (run: JournaledRun) => void
  #stopWatching: () => void = () => {}
  readonly #gatherers: ((isEnd: boolean) => void)[] = []
  #hasEnded = false
  #endedAs: RunStatus | undefined

  constructor(parts: JournaledRunParts) {
    const { header, parent, folder, settings, policy, transport } = parts
    this.id = header.clientRunId
    this.name = header.name
    this.header = header
    this.#startChild = parts.startChild
    this.#onLeft = parts.onLeft
    this.#settings = settings
    this.#warnings = new RunWarnings(this.#tally, parts.onWarn)
    this.#uploads = new RunUploads({
      folder: () => this.#outbox.folder,
      warnings: this.#warnings,
      hasEnded: () => this.#hasEnded,
      isOnDisk: () => this.#outbox.isOnDisk,
      accept: (record) => this.#outbox.append(record),
    })
    this.#outbox = new Outbox({
      header,
      folder,
      policy,
      transport,
      retry: settings.retry,
      server: parts.server,
      tally: this.#tally,
      open: {
        parentRunId: async () => (await parent?.opened)?.runId,
        beforeResuming: parts.beforeResuming,
      },
      fetch: parts.fetch,
      copied: async (file) => await this.#uploads.copied(file),
      onProgress: parts.onProgress,
      onState: parts.onState,
      onRefused: parts.onRefused,
      onDisk: parts.onDisk,
      onWarn: (warning) => this.#warnings.tell(warning),
      onClosed: () => {
        this.#stopWatching()
        parts.onClosed(this)
      },
    })
    this.#outbox.start()
    if (parts.watchEveryMs !== undefined) void this.#watchSystem(parts.watchEveryMs)
  }

  get journalFolder(): string {
    return this.#outbox.folder
  }

  /** Resolves when the run is on the server. */
  get opened(): Promise<RemoteRun> {
    return this.#outbox.opened
  }

  get remote(): RemoteRun | undefined {
    return this.#outbox.remote
  }

  get url(): string | undefined {
    const { remote } = this
    // A folder has no pages; `mlflow ui` shows it wherever it is started.
    if (remote === undefined || this.#settings.target === 'file') return undefined
    return `${this.#settings.trackingUri}/#/experiments/${remote.experimentId}/runs/${remote.runId}`
  }

  log(metrics: Readonly<Record<string, number>>, options?: LogOptions): void {
    if (this.#hasEnded) return this.#warnings.refuse('metrics', 'the run has ended')
    try {
      const { step, timestampMs = Date.now(), isCount = false } = options ?? {}
      const { json, accepted, refused } = this.#lines.write(metrics, step, timestampMs, isCount)
      if (json !== undefined) this.#outbox.appendMetrics(json, accepted)
      for (const { name, why } of refused) this.#warnings.refuse(name, why)
    } catch (error) {
      this.#warnings.refuse('metrics', textOf(error))
    }
  }

  params(params: object): void {
    this.#warnings.guard('params', () => this.#texts('p', flattenParams(params)))
  }

  tag(key: string, value: string): void {
    this.#warnings.guard(key, () => this.tags({ [spellValue(key)]: value }))
  }

  tags(tags: Readonly<Record<string, string>>): void {
    this.#warnings.guard('tags', () => this.#texts('t', spellTags(tags)))
  }

  note(markdown: string): void {
    this.#warnings.guard('note', () => {
      if (typeof markdown !== 'string') throw new TypeError(`${textOf(markdown)} is no text`)
      const text = toStorableText(markdown)
      if (text.length <= MAX_LENGTH.t) return this.tag('mlflow.note.content', text)
      this.tag('mlflow.note.content', shortenNote(text, MAX_LENGTH.t, WHOLE_NOTE))
      this.text(text, WHOLE_NOTE)
    })
  }

  input(dataset: Dataset, options?: { readonly context?: string }): void {
    this.#warnings.guard('input', () => {
      if (this.#hasEnded) return this.#warnings.refuse('input', 'the run has ended')
      const context = options?.context
      this.#outbox.append({
        k: 'i',
        dataset: toWireDataset(dataset),
        ...(context !== undefined && { context: spellValue(context) }),
      })
    })
  }

  child(options?: RunOptions): Run {
    return this.#startChild(options, this)
  }

  artifact(path: string | URL, options?: ArtifactOptions): void {
    this.#uploads.artifact(path, options)
  }

  text(text: string, path: string): void {
    this.#uploads.text(text, path)
  }

  bytes(bytes: Uint8Array, path: string): void {
    this.#uploads.bytes(bytes, path)
  }

  refuse(name: string, why: string): void {
    this.#warnings.refuse(name, why)
  }

  beforeFlush(work: (isEnd: boolean) => void): void {
    this.#gatherers.push(work)
  }

  async flush(options?: WaitOptions): Promise<Receipt> {
    this.#gather()
    await this.#outbox.deliver(checkWait(options, (warning) => this.#warnings.tell(warning)))
    // With nothing to send, no turn of the event loop would pass, and a loop of flushes would block all timers.
    await nextTurn()
    return this.#tally.receipt()
  }

  async end(options?: EndOptions): Promise<Receipt> {
    this.markEnded(checkStatus(options, (warning) => this.#warnings.tell(warning)))
    return await this.flush(options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const isEndedHere = !this.#hasEnded
    await this.end()
    if (isEndedHere) this.#onLeft(this)
  }

  /** Change the status to FAILED, when the failure became known only after the run was ended. Never throws. */
  failAfterAll(): void {
    const end = { k: 'e', at: Date.now(), status: 'FAILED' } as const
    this.#warnings.guard('the end', () => this.#outbox.amend(end))
  }

  /** Record the end of the run, without waiting for anything. */
  markEnded(status: 'FINISHED' | 'FAILED' | 'KILLED'): void {
    if (this.#hasEnded) return
    this.#stopWatching()
    this.#gather(true)
    this.#hasEnded = true
    this.#outbox.append({ k: 'e', at: Date.now(), status })
  }

  /**
   * The program ends, and the run was not ended: it ends as the program does, and a tag says so. Later records are
   * still accepted. A run that another program created is left for that one to end, unless this one failed.
   */
  endWithProgram(exitCode: number): void {
    const status = exitCode === 0 ? 'FINISHED' : exitCode > SIGNAL_EXIT_CODE ? 'KILLED' : 'FAILED'
    const isAnothers = this.header.joins !== undefined && exitCode === 0
    if (this.#hasEnded || isAnothers || status === this.#endedAs) return
    this.#endedAs = status
    this.#gather()
    this.#outbox.append({ k: 't', v: { 'soen.ended_by': 'exit' } })
    this.#outbox.appendLikelyEnd({ k: 'e', at: Date.now(), status })
  }

  /** Write everything accepted to disk, at once: the last step before the process exits. */
  save(): void {
    this.#gather()
    this.#uploads.save()
    this.#outbox.save()
  }

  /** Stop delivering. What is left stays in the journal for a later sync. */
  close(): void {
    this.#outbox.close()
  }

  /** Loaded only for runs that want it. */
  async #watchSystem(everyMs: number): Promise<void> {
    const { watchSystem } = await import('../system-metrics/watch-system.ts')
    if (this.#hasEnded || this.#outbox.isClosed) return
    const onSample = (metrics: Record<string, number>, count: number): void =>
      this.log(metrics, { step: count, isCount: true })
    this.#stopWatching = watchSystem({ everyMs, onSample })
  }

  #texts(kind: 'p' | 't', { entries, refused }: FlatTexts): void {
    for (const { name, why } of refused) this.#warnings.refuse(name, why)
    if (this.#hasEnded)
      return this.#warnings.refuse(kind === 'p' ? 'params' : 'tags', 'the run has ended', entries.length)
    if (entries.length === 0) return
    const texts = entries.map(([key, value]): [string, string] => [key, this.#cut(kind, key, value)])
    this.#outbox.append({ k: kind, v: Object.fromEntries(texts) })
  }

  #cut(kind: 'p' | 't', key: string, value: string): string {
    if (value.length <= MAX_LENGTH[kind]) return value
    const message = `The value of "${key}" has ${value.length} characters and is cut to ${MAX_LENGTH[kind]}.`
    this.#warnings.changed(`cut ${key}`, message, 'Log long texts with run.text().')
    // Not through the middle of a surrogate pair.
    return value.slice(0, MAX_LENGTH[kind]).replace(/[\uD800-\uDBFF]$/, '')
  }

  /** Log what integrations have gathered so far. */
  #gather(isEnd = false): void {
    if (this.#hasEnded) return
    for (const work of this.#gatherers) this.#warnings.guard('beforeFlush', () => work(isEnd))
  }
}
