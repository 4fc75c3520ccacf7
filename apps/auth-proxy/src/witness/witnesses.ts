import { noteMalformed } from '../audit/trail.ts'
import type { Refusal } from '../errors/refusals.ts'
import { Witness } from './witness.ts'
import type { Seen, WitnessOptions } from './witness.ts'

/** All of them, as one. */
export class Witnesses {
  readonly #options: WitnessOptions

  constructor(options: WitnessOptions) {
    this.#options = options
  }

  /** A request began: what becomes of it is told to its witness. */
  begin(seen: Seen): Witness {
    return new Witness(this.#options, seen)
  }

  /** Bytes came that are no request. */
  malformed(refusal: Refusal, address: string | undefined): void {
    if (this.#options.audit) noteMalformed(this.#options.audit, refusal, address)
  }
}
