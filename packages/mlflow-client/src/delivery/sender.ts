import type { HeldFile } from '../artifacts/take-file.ts'
import type { UploadState } from '../artifacts/upload.ts'
import type { UnsentFile } from '../artifacts/waiting-files.ts'
import { ClientError } from '../errors/client-error.ts'
import type { JournalHeader, RemoteRun } from '../journal/header.ts'
import type { JournalChunk } from '../journal/journal.ts'
import { itemsIn, type JournalRecord } from '../journal/records.ts'
import type { DeadLetter, Delivery } from '../journal/records/record-kind.ts'
import { updateRun } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import type { ArtifactLane } from './artifact-lane.ts'
import { gather } from './gather.ts'
import type { OpenOptions, RunMemory } from './open-run.ts'
import type { Patience } from './patience.ts'
import type { Overlap, Unseen } from './overlap.ts'
import { planDelivery } from './plan-delivery.ts'
import type { Tally } from './receipt.ts'
import type { RecordSource } from './record-source.ts'
import type { RunNames } from './run-names.ts'

/** What a sender works with. */
export interface SenderParts {
  readonly source: RecordSource
  readonly header: JournalHeader
  readonly memory: RunMemory
  readonly transport: Transport
  readonly patience: Patience
  readonly tally: Tally
  readonly timeoutMs: number
  /** For requests to the object store, which is not the server. */
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly onProgress?: ((state: UploadState) => void) | undefined
  /** Resolves when the copy of a file is complete. */
  readonly copied?: (file: HeldFile) => Promise<void>
  readonly open?: OpenOptions
  readonly onWarn: (warning: ClientError) => void
  /** Whether there may be files that an earlier process took over from its records. */
  readonly hasLeftFiles?: boolean
  /** Called when all metrics, parameters and tags so far have been sent; files may take longer. */
  readonly onRecordsSent?: () => void
  /** Called each time everything has been sent. */
  readonly onIdle?: () => void
}

/** How to wait for a delivery. */
export interface DrainOptions {
  /** Whether the process stays alive meanwhile, because somebody waits: true by default. */
  readonly keepsAlive?: boolean
}

/** Delivers one run in the background, one request at a time: the server locks a run's rows anyway. */
export class Sender {
  readonly #parts: SenderParts
  #header: JournalHeader
  #isOpen = false
  readonly #opened = Promise.withResolvers<RemoteRun>()
  #remote: RemoteRun | undefined
  #running: Promise<void> | undefined
  #lane: ArtifactLane | undefined
  #overlap: Overlap | undefined
  #names: RunNames | undefined
  #isRunNew = false
  /** Set while delivery is parked. */
  #parked: NodeJS.Timeout | undefined

  constructor(parts: SenderParts) {
    this.#parts = parts
    this.#header = parts.header
  }

  /** The run on the server, once it is known. */
  get remote(): RemoteRun | undefined {
    return this.#remote
  }

  /** Resolves when the run is on the server. */
  get opened(): Promise<RemoteRun> {
    return this.#opened.promise
  }

  /** Look the run up again: another process may have created or ended it. */
  reopen(header: JournalHeader): void {
    this.#header = header
    this.#isOpen = false
    this.#names = undefined
    this.#parts.memory.remember({ attempted: true })
  }

  /** Start delivering, unless it is running already. */
  start(): void {
    if (this.#parked !== undefined) return
    this.#running ??= this.#deliverAll().finally(() => {
      this.#running = undefined
      this.#rest()
    })
  }

  /** Deliver what is there; resolves when that is done, when the time is over, or when there is no hope for now. */
  async drain(timeoutMs: number, { keepsAlive = true }: DrainOptions = {}): Promise<void> {
    const { patience } = this.#parts
    if (patience.signal.aborted) return
    const { health } = patience
    this.#unpark()
    // The server's health is shared: the first run that drains waits, the others return at once.
    const isLooking = health.isAway && health.isWorthALook
    if (!health.isAway || isLooking) patience.wake()
    this.start()
    if (isLooking) await health.look()
    if (health.isAway) return
    const done = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        health.giveUp(timeoutMs)
        resolve()
      }, timeoutMs)
      if (!keepsAlive) timer.unref()
    })
    await Promise.race([this.#settled(), timeout, patience.givenUp(done.signal)])
    clearTimeout(timer)
    done.abort()
  }

  /** Whether no file waits. */
  get hasNoFiles(): boolean {
    return this.#lane?.isEmpty ?? true
  }

  /** Resolves when records and files are delivered, or cannot be for now. */
  async #settled(): Promise<void> {
    await this.#running
    await this.#lane?.settled()
  }

  #rest(): void {
    if (this.#running === undefined && this.#parts.patience.state === 'online') this.#parts.onIdle?.()
  }

  /** Never rejects: what cannot be delivered parks the run and stays in the journal. */
  async #deliverAll(): Promise<void> {
    const { source, patience } = this.#parts
    try {
      const run = await this.#open()
      if (this.#parts.hasLeftFiles === true) await this.#openLane(run)
      for (let chunk = await gather(source); chunk !== undefined; chunk = await gather(source)) {
        await this.#deliver(chunk, await this.#open())
      }
      this.#parts.onRecordsSent?.()
    } catch (error) {
      if (!patience.signal.aborted) this.#park(error)
    }
  }

  async #open(): Promise<RemoteRun> {
    if (this.#remote !== undefined && this.#isOpen) return this.#remote
    const { patience, transport, memory, open } = this.#parts
    this.#isOpen = true
    const { joins, resumeKey } = this.#header
    this.#isRunNew = memory.recall() === undefined && joins === undefined && resumeKey === undefined
    try {
      // Loaded with the first request.
      const { openRun } = await import('./open-run.ts')
      const run = await openRun(transport, this.#header, memory, (step) => patience.persist(step), open)
      this.#remote = { ...this.#remote, ...run }
    } catch (error) {
      this.#isOpen = false
      open?.forget?.()
      throw error
    }
    this.#opened.resolve(this.#remote)
    return this.#remote
  }

  async #deliver(chunk: JournalChunk, run: RemoteRun): Promise<void> {
    const { source, tally } = this.#parts
    const files: UnsentFile[] = []
    const delivery = this.#deliveryTo(run, files)
    const dead: DeadLetter[] = []
    const named = await this.#cleanNames(chunk.records, run)
    const { records, skipped } = await this.#leaveOutSeen(named, run)
    for (const { kind, work } of planDelivery(records)) dead.push(...(await kind.send(work, delivery)))

    await this.#bury(dead)
    const items = chunk.records.reduce((sum, record) => sum + itemsIn(record), 0)
    tally.delivered += items - skipped - dead.length - files.length
    tally.skipped += skipped
    tally.dropped += dead.length
    source.acknowledge(chunk)
    this.#lane?.acknowledge(files)
    if (chunk.corrupt > 0) this.#warnCorrupt(chunk.corrupt)
  }

  /** Loaded with the first records, unless the program that wrote the journal has cleaned their names itself. */
  async #cleanNames(records: readonly JournalRecord[], run: RemoteRun): Promise<readonly JournalRecord[]> {
    const { names } = this.#header
    if (names === undefined) return records
    const { RunNames: Names } = await import('./run-names.ts')
    const { patience, transport } = this.#parts
    this.#names ??= new Names({
      transport,
      header: { ...this.#header, names },
      isNew: this.#isRunNew,
      persist: async (request) => await patience.persist(request),
    })
    return await this.#names.clean(records, run)
  }

  /** Loaded only for resumed runs. */
  async #leaveOutSeen(records: readonly JournalRecord[], { seen, runId }: RemoteRun): Promise<Unseen> {
    if (seen === undefined) return { records, skipped: 0 }
    const [{ Overlap: Looks }, { getMetricHistory }] = await Promise.all([
      import('./overlap.ts'),
      import('../rest/metrics.ts'),
    ])
    const { patience, transport } = this.#parts
    this.#overlap ??= new Looks({
      seen,
      isKept: this.#header.overlap === 'keep',
      readHistory: async (key) =>
        await patience.persist(() => Array.fromAsync(getMetricHistory(transport, { runId, key }))),
    })
    return await this.#overlap.leaveOut(records)
  }

  /** The delivery of records to the run that was found or created. Files that are handed over are added to a list. */
  #deliveryTo(run: RemoteRun, files: UnsentFile[]): Delivery {
    const { transport, patience, tally, onRecordsSent } = this.#parts
    return {
      transport,
      run,
      signal: patience.signal,
      persist: async (...request) => await patience.persist(...request),
      addBytes: (bytes) => {
        tally.bytes += bytes
      },
      handOver: async (record) => {
        files.push(record)
        const lane = await this.#openLane(run)
        lane.take(record)
      },
      endRun: async (end) => {
        onRecordsSent?.()
        await this.#lane?.settled()
        await patience.persist(async () => {
          const { runId } = run
          const [{ mayEnd }, { discardTwins }] = await Promise.all([
            import('./resume-run.ts'),
            import('./discard-twins.ts'),
          ])
          if (await mayEnd(transport, runId, this.#header)) await updateRun(transport, { runId, ...end })
          await discardTwins(transport, run, this.#header)
        })
      },
    }
  }

  /** Loaded only for runs with files. */
  async #openLane(run: RemoteRun): Promise<ArtifactLane> {
    const { ArtifactLane: Lane } = await import('./artifact-lane.ts')
    this.#lane ??= new Lane({
      ...this.#parts,
      folder: () => this.#parts.source.folder,
      run: () => this.#remote ?? run,
      onDead: async (letter) => await this.#bury([letter]),
      onSettled: () => this.#rest(),
    })
    return this.#lane
  }

  /** Loaded only for runs with items that the server refused. */
  async #bury(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return
    const { buryDeadLetters } = await import('./dead-letters.ts')
    buryDeadLetters(this.#parts.source.folder, letters, this.#parts.onWarn)
  }

  /** The cause may be fixed at any time, so delivery is retried now and then. */
  #park(error: unknown): void {
    const { patience, header, source } = this.#parts
    this.#parked = setTimeout(() => {
      this.#unpark()
      if (!patience.signal.aborted) this.start()
    }, patience.longestPauseMs).unref()
    const said = error instanceof Error ? error.message : String(error)
    patience.park(
      new ClientError({
        code: error instanceof ClientError ? error.code : 'SOEN_RUN_UNAVAILABLE',
        message: `The run "${header.name}" cannot be delivered: ${said}`,
        hint: `${error instanceof ClientError ? `${error.hint} ` : ''}It is kept in ${source.folder}`,
        cause: error,
      }),
    )
  }

  #unpark(): void {
    clearTimeout(this.#parked)
    this.#parked = undefined
  }

  #warnCorrupt(lines: number): void {
    const { source, onWarn } = this.#parts
    onWarn(
      new ClientError({
        code: 'SOEN_SPOOL_UNWRITABLE',
        message: `${lines} line(s) of the journal ${source.folder} were torn and could not be delivered.`,
        hint: 'This is what a kill or a power cut in the middle of a write leaves; check the disk if there was none.',
      }),
    )
  }
}
