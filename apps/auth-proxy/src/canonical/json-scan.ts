import { Refusal } from '../errors/refusals.ts'

/** Deeper than any call of MLflow. */
const maxDepth = 64
/** Nearly three times the 9,000 values of MLflow's largest batch: 1,000 metrics, 100 parameters and 100 tags. */
const maxValues = 25_000

const [quote, backslash, colon, comma] = [0x22, 0x5c, 0x3a, 0x2c]
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Scans JSON as it arrives, chunk by chunk, for what makes it expensive to parse: a body of many small values takes
 * a hundred times as long as its size suggests. Whether it is valid JSON is for the parser to decide.
 */
export class JsonScan {
  readonly #maxValues: number
  /** Members as written, including duplicates. */
  members = 0
  /** All values except the first of each array and object. */
  values = 0
  #depth = 0
  #isInString = false
  #isEscaped = false

  constructor(most: number = maxValues) {
    this.#maxValues = most
  }

  /**
   * @throws Refusal `SOEN_BODY_TOO_COMPLEX` as soon as there are too many values, or they are nested too deeply
   */
  read(bytes: Uint8Array): void {
    for (let index = 0; index < bytes.length; index += 1) {
      const code = bytes[index]
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false
        else if (code === backslash) this.#isEscaped = true
        else if (code === quote) this.#isInString = false
      } else if (code === quote) this.#isInString = true
      else if (code === colon) this.members += 1
      else if (code === comma) this.#count()
      else if (code === openList || code === openObject) {
        this.#depth += 1
        this.#count()
      } else if (code === closeList || code === closeObject) this.#depth -= 1
    }
  }

  #count(): void {
    this.values += 1
    if (this.values > this.#maxValues || this.#depth > maxDepth) throw new Refusal('SOEN_BODY_TOO_COMPLEX')
  }
}
