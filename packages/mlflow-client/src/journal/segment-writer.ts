import {
  close,
  closeSync,
  fdatasync,
  fdatasyncSync,
  fsync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs'
import { FILE_MODE } from '../node/json-file.ts'
import { START, type Position } from './cursor.ts'
import { segmentPath } from './folder.ts'

/** Large enough to be rare, small enough to be deleted soon. */
const SEGMENT_BYTES = 8 * 1024 * 1024

/** Appends whole lines to the segments of one journal. */
export class SegmentWriter {
  #folder: string
  readonly #segmentBytes: number
  #fd: number | undefined
  #end: Position = START
  #isUnsynced = false
  #isFolderUnsynced = false

  constructor(folder: string, segmentBytes: number = SEGMENT_BYTES) {
    this.#folder = folder
    this.#segmentBytes = segmentBytes
  }

  /** The end of the last whole line. */
  get end(): Position {
    return this.#end
  }

  /** Append bytes that end in a newline; throws what the disk throws, and leaves nothing half-written behind. */
  append(bytes: Buffer): void {
    if (this.#end.offset >= this.#segmentBytes) this.#roll()
    this.#fd ??= this.#open()
    try {
      writeWhole(this.#fd, bytes, this.#end.offset)
    } catch (error) {
      // A full disk may have stored a part of it; truncating works on a full disk.
      ftruncateSync(this.#fd, this.#end.offset)
      throw error
    }
    this.#end = { ...this.#end, offset: this.#end.offset + bytes.length }
    this.#isUnsynced = true
  }

  /** Sync what was appended, so that it survives a power failure, off the event loop. */
  async sync(): Promise<void> {
    if (this.#fd === undefined || !this.#isUnsynced) return
    this.#isUnsynced = false
    await settled(fdatasync, this.#fd)
    if (!this.#isFolderUnsynced) return
    this.#isFolderUnsynced = false
    // A new file is durable only with its folder's entry.
    const folder = openSync(this.#folder, 'r')
    await settled(fsync, folder).finally(() => closeSync(folder))
  }

  /** Close the file, synced first if it is to be kept. */
  close({ isKept = true }: { readonly isKept?: boolean } = {}): void {
    if (this.#fd === undefined) return
    if (isKept && this.#isUnsynced) fdatasyncSync(this.#fd)
    closeSync(this.#fd)
    this.#fd = undefined
  }

  /**
   * Continue in another folder, where the current segment keeps its number and its positions.
   *
   * Its old file may have been deleted: it can still be read as long as it is open, except over a network.
   */
  moveTo(folder: string): void {
    const old = this.#fd
    if (old !== undefined) {
      const whole = readWhole(old, this.#end.offset)
      if (whole === undefined) this.#end = { segment: this.#end.segment + 1, offset: 0 }
      this.#fd = whole && copyTo(segmentPath(folder, this.#end.segment), whole)
      close(old, () => {})
    }
    this.#folder = folder
    this.#isUnsynced = true
    this.#isFolderUnsynced = true
  }

  #open(): number {
    this.#isFolderUnsynced = true
    return openSync(segmentPath(this.#folder, this.#end.segment), 'w+', FILE_MODE)
  }

  #roll(): void {
    const full = this.#fd
    this.#fd = undefined
    this.#end = { segment: this.#end.segment + 1, offset: 0 }
    // Nobody waits until a full segment is synced, and it stays open until then.
    if (full !== undefined) fdatasync(full, () => close(full))
  }
}

function writeWhole(fd: number, bytes: Buffer, offset: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(fd, bytes, done, bytes.length - done, offset + done)
}

/** The bytes written to a file; undefined when it cannot be read any more. */
function readWhole(fd: number, sizeBytes: number): Buffer | undefined {
  const whole = Buffer.alloc(sizeBytes)
  try {
    return readSync(fd, whole, 0, sizeBytes, 0) === sizeBytes ? whole : undefined
  } catch {
    return undefined
  }
}

function copyTo(path: string, bytes: Buffer): number {
  const fd = openSync(path, 'w+', FILE_MODE)
  try {
    writeWhole(fd, bytes, 0)
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

/** Like `promisify`, for which Node would load forty modules when this package is imported. */
function settled(sync: typeof fsync, fd: number): Promise<void> {
  return new Promise((resolve, reject) => sync(fd, (error) => (error === null ? resolve() : reject(error))))
}
