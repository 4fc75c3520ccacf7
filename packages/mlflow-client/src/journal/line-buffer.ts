import { MAX_UTF8_BYTES, SEAL_BYTES, sealInto } from './line.ts'

const SMALL_BYTES = 256 * 1024

/**
 * Seals lines into one buffer that is used again and again.
 *
 * A buffer for each write would be memory that V8 does not see growing: it collects when its own heap is full, and a
 * training that logs without a pause would hold tens of megabytes more.
 */
export class LineBuffer {
  #buffer = Buffer.allocUnsafeSlow(SMALL_BYTES)

  /** The sealed lines; a view that holds until the next call. */
  seal(lines: readonly { readonly json: string }[]): Buffer {
    const most = lines.reduce((sum, { json }) => sum + SEAL_BYTES + MAX_UTF8_BYTES * json.length, 0)
    if (most > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(most)
    // What a disk that refused for long had to hold is not held for ever.
    else if (this.#buffer.length > SMALL_BYTES && most < SMALL_BYTES)
      this.#buffer = Buffer.allocUnsafeSlow(SMALL_BYTES)
    let end = 0
    for (const { json } of lines) end = sealInto(this.#buffer, end, json)
    return this.#buffer.subarray(0, end)
  }
}
