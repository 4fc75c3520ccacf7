/** A line that was accepted but is not on disk yet. */
export interface PendingLine {
  readonly json: string
  /** How many of the caller's items are lost with it. */
  readonly items: number
  /** Metrics may be dropped when memory runs out; parameters, tags, files and the end never are. */
  readonly expendable: boolean
}

/**
 * The lines between acceptance and disk.
 *
 * Usually emptied every 50 ms; while the disk refuses, they are the whole journal, and limited.
 */
export class PendingLines {
  #lines: PendingLine[] = []
  #bytes = 0
  /** The number of lines that ever left: gives each line a number that never changes. */
  #gone = 0

  /** Roughly the bytes held, counted as UTF-16 length. */
  get bytes(): number {
    return this.#bytes
  }

  /** How many lines are held. */
  get length(): number {
    return this.#lines.length
  }

  /** Add a line. */
  push(line: PendingLine): void {
    this.#lines.push(line)
    this.#bytes += line.json.length
  }

  /** The first lines, and the number after the last of them. */
  peek(count: number = this.#lines.length): {
    readonly lines: readonly PendingLine[]
    readonly through: number
  } {
    const lines = this.#lines.slice(0, count)
    return { lines, through: this.#gone + lines.length }
  }

  /** Drop all lines with a lower number; those already gone do not matter. */
  discardThrough(number: number): void {
    const count = Math.max(0, number - this.#gone)
    for (const line of this.#lines.splice(0, count)) this.#bytes -= line.json.length
    this.#gone += count
  }

  /**
   * Drop the oldest metrics until at most `capBytes` are held.
   *
   * @returns how many items were lost
   */
  enforceCap(capBytes: number): number {
    let lost = 0
    if (this.#bytes <= capBytes) return 0
    // A tenth more than needed, so that this runs now and then instead of with every line.
    let excess = this.#bytes - 0.9 * capBytes
    const kept: PendingLine[] = []
    for (const line of this.#lines) {
      if (excess > 0 && line.expendable) {
        excess -= line.json.length
        this.#bytes -= line.json.length
        lost += line.items
      } else {
        kept.push(line)
      }
    }
    // Numbers shift with lines dropped from the middle; counting them as gone keeps later numbers right.
    this.#gone += this.#lines.length - kept.length
    this.#lines = kept
    return lost
  }
}
