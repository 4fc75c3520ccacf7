import { join } from 'node:path'
import { isSameFile, stateOf, type FileState } from '../artifacts/file-state.ts'
import { changedSince } from '../artifacts/file-trouble.ts'
import { locateHeld, type HeldFile } from '../artifacts/take-file.ts'
import { uploadFile, uploadText, type UploadState } from '../artifacts/upload.ts'
import {
  forgetBytes,
  forgetNote,
  nameOf,
  noteWaiting,
  readWaiting,
  type UnsentFile,
  type WaitingFile,
} from '../artifacts/waiting-files.ts'
import { ClientError } from '../errors/client-error.ts'
import type { RemoteRun } from '../journal/header.ts'
import type { DeadLetter } from '../journal/records/record-kind.ts'
import { MlflowError } from '../rest/mlflow-error.ts'
import { getRun } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import { artifactAside } from './artifact-aside.ts'
import type { Patience } from './patience.ts'
import type { Tally } from './receipt.ts'

/** How often a file is retried while the server is otherwise healthy. */
const MAX_TRIES = 5

/** What the lane works with. */
export interface ArtifactLaneParts {
  /** The current folder of the journal, which may change. */
  readonly folder: () => string
  readonly run: () => RemoteRun
  readonly transport: Transport
  readonly patience: Patience
  readonly tally: Tally
  readonly timeoutMs: number
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly onProgress?: ((state: UploadState) => void) | undefined
  /** Resolves when the copy of a file is complete. */
  readonly copied?: ((file: HeldFile) => Promise<void>) | undefined
  readonly onWarn: (warning: ClientError) => void
  readonly onDead: (letter: DeadLetter) => Promise<void>
  /** Called when nothing is being sent any more. */
  readonly onSettled: () => void
}

/**
 * Sends the files of one run, one after the other, independently of its metrics, tags and end.
 *
 * A file that the server does not store, although it is otherwise healthy, is retried with growing pauses and then
 * set aside: it is reported, kept, and retried by the next sync. The state of each file is noted beside it, so that
 * its record can be acknowledged before the file is sent.
 */
export class ArtifactLane {
  readonly #parts: ArtifactLaneParts
  readonly #files: Map<string, WaitingFile>
  /** Files that an earlier process left. */
  readonly #inherited: Set<string>
  readonly #acknowledged = new Set<string>()
  /** Files whose change was reported already. */
  readonly #changed = new WeakSet<WaitingFile>()
  #order: number
  /** The file that is being sent. */
  #current: string | undefined
  #working: Promise<void> | undefined
  /**
   * After one file has used all its tries, others get one each until one succeeds: the store may be failing for all.
   */
  #isStoreSuspect = false

  constructor(parts: ArtifactLaneParts) {
    this.#parts = parts
    this.#files = readWaiting(parts.folder())
    this.#order = Math.max(0, ...Array.from(this.#files.values(), ({ order }) => order))
    this.#inherited = new Set(this.#files.keys())
    for (const [name, { reason: _, ...file }] of this.#files) {
      // A new process tries again the files that were set aside.
      this.#files.set(name, file)
      if (file.isDone !== true) parts.tally.accepted += 1
    }
    this.#start()
  }

  /** Whether every file has been delivered. */
  get isEmpty(): boolean {
    return [...this.#files.values()].every(({ isDone }) => isDone === true)
  }

  /** Take a file over from its record. A record that is read a second time changes nothing. */
  take(record: UnsentFile): void {
    const name = nameOf(record)
    if (this.#inherited.delete(name)) this.#parts.tally.accepted -= 1
    if (this.#files.has(name)) return
    for (const [older, { to, isDone }] of this.#files)
      if (to === record.to && isDone !== true && older !== this.#current) this.#finish(older, 'delivered')
    this.#order += 1
    // A text has no file.
    this.#note(name, { file: '/', ...record, order: this.#order })
    this.#start()
  }

  /** The records are acknowledged and will never be read again. */
  acknowledge(records: readonly UnsentFile[]): void {
    for (const record of records) {
      const name = nameOf(record)
      this.#acknowledged.add(name)
      if (this.#files.get(name)?.isDone === true) this.#forget(name)
    }
  }

  /** Resolves when every file is delivered or set aside. */
  async settled(): Promise<void> {
    while (this.#working !== undefined) await this.#working
  }

  #start(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
      if (this.#next() !== undefined && !this.#parts.patience.signal.aborted) this.#start()
      else this.#parts.onSettled()
    })
  }

  async #work(): Promise<void> {
    const { signal } = this.#parts.patience
    for (let next = this.#next(); next !== undefined && !signal.aborted; next = this.#next()) {
      const [name, file] = next
      this.#current = name
      const outcome = await this.#deliver(file)
      this.#current = undefined
      if (signal.aborted) return
      if (outcome === 'delivered' || outcome === 'lost') this.#finish(name, outcome)
      else this.#standAside(name, outcome.reason)
    }
  }

  /** The next file in order. A file that belongs to one set aside (a checkpoint's side-car) does not overtake it. */
  #next(): [string, WaitingFile] | undefined {
    const aside = new Set<string>()
    for (const [name, file] of this.#files) {
      if (file.isDone === true) continue
      const stem = file.to.replace(/\.[^./]*$/, '')
      if (file.reason !== undefined) aside.add(stem)
      else if (!aside.has(stem)) return [name, file]
      else this.#standAside(name, `it waits for another "${stem}"`)
    }
    return undefined
  }

  async #deliver(file: WaitingFile): Promise<'delivered' | 'lost' | { readonly reason: string }> {
    const { patience } = this.#parts
    for (let tries = 1; ;) {
      try {
        this.#parts.tally.bytes += await this.#upload(file)
        this.#isStoreSuspect = false
        return 'delivered'
      } catch (error) {
        if (patience.signal.aborted) return { reason: '' }
        if (error instanceof ClientError && !(error instanceof MlflowError))
          return await this.#lose(file, error)
        const reason = error instanceof Error ? error.message : String(error)
        if (!(error instanceof MlflowError) || ['item', 'size'].includes(error.verdict)) return { reason }
        // A failure while the server is away does not count against the file.
        if (!(await this.#isServerWell())) continue
        if (tries >= MAX_TRIES || this.#isStoreSuspect) {
          this.#isStoreSuspect = true
          return { reason }
        }
        await patience.rest(tries)
        tries += 1
      }
    }
  }

  async #upload(file: WaitingFile): Promise<number> {
    const { folder, run, transport, patience, timeoutMs, fetch, onProgress, copied, onWarn } = this.#parts
    const { to } = file
    const { artifactUri } = run()
    const { signal } = patience
    if (file.text !== undefined) {
      const { text } = file
      return await uploadText(transport, { artifactUri, path: to, text, signal, timeoutMs })
    }
    await copied?.(file)
    const { file: path, at } = locateHeld(file, folder())
    if (at !== undefined && !this.#changed.has(file) && (await isOther(path, at))) {
      this.#changed.add(file)
      onWarn(changedSince(to))
    }
    const notesFolder = join(folder(), 'uploads')
    return await uploadFile(transport, {
      file: path,
      to,
      artifactUri,
      notesFolder,
      signal,
      timeoutMs,
      fetch,
      onProgress,
    })
  }

  /** Waits until the server answers about the run; false when the first request failed. */
  async #isServerWell(): Promise<boolean> {
    const { patience, transport, run } = this.#parts
    let questions = 0
    try {
      await patience.persist(() => {
        questions += 1
        return getRun(transport, run().runId)
      })
    } catch {
      // The run is gone, or the lane was stopped: the sender of its records reports that.
    }
    return questions === 1
  }

  #finish(name: string, outcome: 'delivered' | 'lost'): void {
    const file = this.#files.get(name)
    if (file === undefined) return
    const { tally, folder } = this.#parts
    tally[outcome === 'lost' ? 'dropped' : outcome] += 1
    this.#note(name, { ...file, isDone: true })
    if (this.#acknowledged.has(name)) this.#forget(name)
    forgetBytes(folder(), file)
  }

  #standAside(name: string, reason: string): void {
    const file = this.#files.get(name)
    if (file === undefined) return
    // A file handed over since under the same path replaces it.
    const isReplaced = [...this.#files.values()].some(({ to, order }) => to === file.to && order > file.order)
    if (isReplaced) return this.#finish(name, 'delivered')
    this.#note(name, { ...file, reason })
    const { folder, onWarn } = this.#parts
    onWarn(
      artifactAside(file.to, reason, file.text === undefined ? locateHeld(file, folder()).file : folder()),
    )
  }

  /** Its bytes are gone: retrying is useless. */
  async #lose(file: WaitingFile, error: ClientError): Promise<'lost'> {
    await this.#parts.onDead({ kind: 'artifact', name: file.to, reason: error.message, item: file })
    return 'lost'
  }

  #note(name: string, file: WaitingFile): void {
    this.#files.set(name, file)
    noteWaiting(this.#parts.folder(), name, file)
  }

  #forget(name: string): void {
    this.#files.delete(name)
    this.#acknowledged.delete(name)
    forgetNote(this.#parts.folder(), name)
  }
}

/** Whether a file was changed; a missing one is reported by the upload. */
async function isOther(path: string, at: FileState): Promise<boolean> {
  return await stateOf(path).then(
    (now) => !isSameFile(at, now),
    () => false,
  )
}
