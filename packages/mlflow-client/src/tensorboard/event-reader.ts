import { open, type FileHandle } from 'node:fs/promises'
import { decodeEvent } from './decode-event.ts'
import type { TfEvent } from './event.ts'
import { readRecord } from './tf-record.ts'

/** How much is read at once. */
const CHUNK_BYTES = 1024 * 1024

/** Options of a reader. */
export interface TfEventReaderOptions {
  /** How long a wrong checksum may be due to a write in progress; 30,000 by default. */
  readonly patienceMs?: number
  readonly now?: () => number
}

/**
 * Reads an event file that may still be being written.
 *
 * The file is open only during a read, so that thousands can be followed at once.
 */
export class TfEventReader {
  readonly path: string
  readonly #patienceMs: number
  readonly #now: () => number
  #inode: number | undefined
  #offset = 0
  #corruptSince: number | undefined
  #isParked = false
  #damaged = 0

  constructor(path: string, { patienceMs = 30_000, now = Date.now }: TfEventReaderOptions = {}) {
    this.path = path
    this.#patienceMs = patienceMs
    this.#now = now
  }

  /** The number of bytes read. */
  get offset(): number {
    return this.#offset
  }

  /** The number of records skipped because the checksum of their data stayed wrong. */
  get damaged(): number {
    return this.#damaged
  }

  /**
   * Whether reading was given up at `offset`: the checksum of a length stayed wrong, so the start of the next record
   * is unknown. A new file in its place is read again.
   */
  get isParked(): boolean {
    return this.#isParked
  }

  /**
   * The next events; undefined when there are no more for now.
   *
   * An incomplete record is waited for. A file that is replaced or truncated is read from its start. Throws what the
   * file system throws.
   */
  async read(): Promise<TfEvent[] | undefined> {
    await using file = await open(this.path)
    const { ino, size } = await file.stat()
    if (ino !== this.#inode || size < this.#offset) this.#startOver(ino)
    if (this.#isParked) return undefined

    for (let wanted = CHUNK_BYTES; ;) {
      const present = size - this.#offset
      const parsed = parseEvents(await readAt(file, this.#offset, Math.min(wanted, present)))
      if (parsed.consumed > 0) {
        this.#offset += parsed.consumed
        this.#corruptSince = undefined
        return parsed.events
      }
      if (parsed.isCorrupt) {
        if (this.#isWaitedFor()) return undefined
        this.#isParked = parsed.corruptEnd === undefined
        if (this.#isParked) return undefined
        this.#leaveOut(parsed.corruptEnd ?? 0)
        continue
      }
      // One record may be larger than a chunk.
      if (parsed.neededBytes > present) return undefined
      wanted = parsed.neededBytes
    }
  }

  #startOver(inode: number): void {
    this.#inode = inode
    this.#offset = 0
    this.#corruptSince = undefined
    this.#isParked = false
  }

  /** Some writers map the file into memory: for a moment its pages appear in any order. */
  #isWaitedFor(): boolean {
    this.#corruptSince ??= this.#now()
    return this.#now() - this.#corruptSince < this.#patienceMs
  }

  /** A bad record costs only that record. */
  #leaveOut(bytes: number): void {
    this.#offset += bytes
    this.#corruptSince = undefined
    this.#damaged += 1
  }
}

interface ParsedEvents {
  readonly events: TfEvent[]
  readonly consumed: number
  readonly neededBytes: number
  readonly isCorrupt: boolean
  /** The start of the next record, if it is known. */
  readonly corruptEnd?: number | undefined
}

function parseEvents(bytes: Buffer): ParsedEvents {
  const events: TfEvent[] = []
  for (let consumed = 0; ;) {
    const record = readRecord(bytes, consumed)
    if (record.kind !== 'record') {
      const isCorrupt = record.kind === 'corrupt'
      const neededBytes = isCorrupt ? 0 : record.neededBytes
      return { events, consumed, neededBytes, isCorrupt, corruptEnd: isCorrupt ? record.end : undefined }
    }
    const event = decodeUnlessForeign(record.data)
    if (event !== undefined) events.push(event)
    consumed = record.end
  }
}

/** A record with a correct checksum that is not an event was written by something else: waiting will not help. */
function decodeUnlessForeign(record: Buffer): TfEvent | undefined {
  try {
    return decodeEvent(record)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}
