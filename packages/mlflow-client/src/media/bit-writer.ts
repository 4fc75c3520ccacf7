/** Writes numbers of any width, the lowest bit first, as in WebP. */
export class BitWriter {
  readonly #bytes: number[] = []
  #pending = 0
  #count = 0

  /** @param width - in bits, at most 16 */
  write(value: number, width: number): void {
    this.#pending |= value << this.#count
    this.#count += width
    while (this.#count >= 8) {
      this.#bytes.push(this.#pending & 0xff)
      this.#pending >>>= 8
      this.#count -= 8
    }
  }

  /** All bytes written, the last one padded with zeros. */
  finish(): Buffer {
    if (this.#count > 0) this.#bytes.push(this.#pending & 0xff)
    return Buffer.from(this.#bytes)
  }
}
