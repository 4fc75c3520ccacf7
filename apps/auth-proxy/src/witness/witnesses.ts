import { noteMalformed } from '../audit/trail.ts'
import type { Refusal } from '../errors/refusals.ts'
import { Witness } from './witness.ts'
import type { Seen, WitnessOptions } from './witness.ts'

/** Creates the witness of each request. */
export class Witnesses {
  readonly #options: WitnessOptions

  constructor(options: WitnessOptions) {
    this.#options = options
  }

  /** A request began: returns the witness that is told its further stages. */
  begin(seen: Seen): Witness {
    return new Witness(this.#options, seen)
  }

  /** Bytes arrived that were not a valid request. */
  malformed(refusal: Refusal, address: string | undefined): void {
    if (this.#options.audit) noteMalformed(this.#options.audit, refusal, address)
  }
}
