import { open, type FileHandle } from 'node:fs/promises'
import { PartHasher } from './part-hasher.ts'
import type { Part } from './plan-parts.ts'
import { unreadable } from './file-trouble.ts'

/** A part in memory. */
export interface ReadPart {
  /** Shorter than the part where the file was truncated. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Its MD5 in the form of `Content-MD5`, where that was asked for. */
  readonly md5: string | undefined
}

/**
 * Reads the parts of one file into reused buffers: allocating new ones for each part costs more garbage collection
 * than the rest of the upload together.
 */
export class PartReader implements AsyncDisposable {
  readonly #file: string
  readonly #handle: FileHandle
  readonly #hasher = new PartHasher()
  readonly #free: ArrayBuffer[] = []

  private constructor(file: string, handle: FileHandle) {
    this.#file = file
    this.#handle = handle
  }

  /** @throws ClientError SOEN_ARTIFACT_UNREADABLE */
  static async open(file: string): Promise<PartReader> {
    try {
      return new PartReader(file, await open(file))
    } catch (error) {
      throw unreadable(file, error)
    }
  }

  /**
   * Read a part.
   *
   * @throws ClientError SOEN_ARTIFACT_UNREADABLE
   */
  async read(part: Part, { isHashed }: { readonly isHashed: boolean }): Promise<ReadPart> {
    try {
      const md5 = isHashed ? this.#hasher.hash(this.#handle.fd, part) : undefined
      const [bytes] = await Promise.all([this.#read(part), md5])
      return { bytes, md5: await md5 }
    } catch (error) {
      throw unreadable(this.#file, error)
    }
  }

  /** Reuse a part's buffer, once nothing of it is being sent any more. */
  reuse({ bytes }: ReadPart): void {
    this.#free.push(bytes.buffer)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hasher[Symbol.dispose]()
    await this.#handle.close()
  }

  async #read({ start, end }: Part): Promise<Uint8Array<ArrayBuffer>> {
    const memory = new Uint8Array(this.#memory(end - start))
    let filled = 0
    for (let length = 1; start + filled < end && length > 0; filled += length)
      ({ bytesRead: length } = await this.#handle.read(memory, filled, end - start - filled, start + filled))
    return memory.subarray(0, filled)
  }

  #memory(length: number): ArrayBuffer {
    const free = this.#free.pop()
    return free !== undefined && free.byteLength >= length ? free : new ArrayBuffer(length)
  }
}
