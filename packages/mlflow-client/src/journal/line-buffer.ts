import { MAX_UTF8_BYTES, SEAL_BYTES, sealInto } from './line.ts'

const SMALL_BYTES = 256 * 1024

/**
 * Seals lines into one reused buffer.
 *
 * A new buffer for each write would be memory that V8 does not see growing: it collects garbage when its own heap is
 * full, and a training that logs continuously would hold tens of megabytes more.
 */
export class LineBuffer {
  #buffer = Buffer.allocUnsafeSlow(SMALL_BYTES)

  /** The sealed lines; the view is valid until the next call. */
  seal(lines: readonly { readonly json: string }[]): Buffer {
    const most = lines.reduce((sum, { json }) => sum + SEAL_BYTES + MAX_UTF8_BYTES * json.length, 0)
    if (most > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(most)
    // The space needed while a disk refused for long is not kept for ever.
    else if (this.#buffer.length > SMALL_BYTES && most < SMALL_BYTES)
      this.#buffer = Buffer.allocUnsafeSlow(SMALL_BYTES)
    let end = 0
    for (const { json } of lines) end = sealInto(this.#buffer, end, json)
    return this.#buffer.subarray(0, end)
  }
}
