/** A text that keeps its beginning and its end, and says how much was dropped between them. */
export class BoundedText {
  readonly #half: number
  #head = ''
  #tail = ''
  /** The number of characters appended. */
  received = 0

  constructor(maxCharacters: number) {
    this.#half = Math.ceil(maxCharacters / 2)
  }

  append(text: string): void {
    this.received += text.length
    const room = this.#half - this.#head.length
    this.#head += text.slice(0, Math.max(room, 0))
    this.#tail += room > 0 ? text.slice(room) : text
    // Not at each call: slicing costs as much as the text is long.
    if (this.#tail.length > 2 * this.#half) this.#tail = this.#tail.slice(-this.#half)
  }

  toString(): string {
    const tail = this.#tail.slice(-this.#half)
    const left = this.received - this.#head.length - tail.length
    return left === 0 ? this.#head + tail : `${this.#head}\n… ${left} characters are left out …\n${tail}`
  }
}
