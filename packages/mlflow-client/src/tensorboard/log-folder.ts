import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import type { TfEvent } from './event.ts'
import { TfEventReader, type TfEventReaderOptions } from './event-reader.ts'

/** Events of one file, in order. */
export interface EventChunk {
  readonly path: string
  /** The file's folder below the log folder, slash-separated; empty for the log folder itself. */
  readonly folder: string
  readonly events: readonly TfEvent[]
}

/** A file that could not be read, or not completely. */
export interface UnreadableFile {
  readonly path: string
  readonly why: string
  /** How many records were skipped in a file that is still read. */
  readonly leftOut?: number
}

/** How a log folder is read. */
export interface LogFolderOptions extends TfEventReaderOptions {
  /** Files last written before this are ignored; by default all are read. */
  readonly sinceMs?: number
  /** Called once for each file that cannot be read, or not to its end, or not completely. */
  readonly onUnreadable: (file: UnreadableFile) => void
}

/** The event files below a folder, sorted: older files of a folder first, and a folder before its subfolders. */
export async function findEventFiles(logdir: string): Promise<string[]> {
  const entries = await readdir(logdir, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && basename(entry.name).includes('tfevents'))
    .map((entry) => ({ folder: entry.parentPath, path: join(entry.parentPath, entry.name) }))
    .sort((one, other) => compare(one.folder, other.folder) || compare(one.path, other.path))
    .map(({ path }) => path)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

/** Reads all event files below a folder concurrently, each from where the last read ended. */
export class LogFolder {
  readonly #logdir: string
  readonly #options: LogFolderOptions
  readonly #readers = new Map<string, TfEventReader>()
  readonly #told = new Set<string>()

  constructor(logdir: string, options: LogFolderOptions) {
    this.#logdir = logdir
    this.#options = options
  }

  /** The events since the last read. A folder that does not exist yet has none. */
  async *read(): AsyncGenerator<EventChunk, void, undefined> {
    for (const path of await this.#files()) {
      try {
        yield* this.#readFile(path)
      } catch (error) {
        if (!isMissing(error)) this.#tell(path, error instanceof Error ? error.message : String(error))
      }
    }
  }

  async *#readFile(path: string): AsyncGenerator<EventChunk, void, undefined> {
    const reader = await this.#readerFor(path)
    if (reader === undefined) return
    const folder = relative(this.#logdir, join(path, '..')).replaceAll(sep, '/')
    for (let events = await reader.read(); events !== undefined; events = await reader.read()) {
      yield { path, folder, events }
    }
    if (reader.damaged > 0) this.#tell(path, 'the checksums of what they hold are wrong', reader.damaged)
    if (reader.isParked) this.#tell(path, `its checksum at byte ${reader.offset} is wrong`)
  }

  async #readerFor(path: string): Promise<TfEventReader | undefined> {
    const known = this.#readers.get(path)
    if (known !== undefined) return known
    const { sinceMs = 0 } = this.#options
    if ((await stat(path)).mtimeMs < sinceMs) return undefined
    const reader = new TfEventReader(path, this.#options)
    this.#readers.set(path, reader)
    return reader
  }

  async #files(): Promise<string[]> {
    try {
      return await findEventFiles(this.#logdir)
    } catch (error) {
      // Not created yet, or deleted while it was listed: the next read will see.
      if (isMissing(error)) return []
      this.#tell(this.#logdir, error instanceof Error ? error.message : String(error))
      return []
    }
  }

  #tell(path: string, why: string, leftOut?: number): void {
    const about = `${path}: ${why}`
    if (this.#told.has(about)) return
    this.#told.add(about)
    this.#options.onUnreadable({ path, why, ...(leftOut !== undefined && { leftOut }) })
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
