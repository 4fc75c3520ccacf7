import type { ClientError } from '../errors/client-error.ts'

/** What became of everything a run was given: `accepted = delivered + skipped + spooled + dropped`. */
export interface Receipt {
  /** Metric values, parameters, tags and files handed in. */
  readonly accepted: number
  /** Acknowledged by the server. */
  readonly delivered: number
  /** Values at steps that an earlier process of the job has logged already. */
  readonly skipped: number
  /** Still in the journal, for a later attempt. */
  readonly spooled: number
  /** Refused by the client or by the server; each has a warning. */
  readonly dropped: number
  /** Sent and acknowledged. */
  readonly bytes: number
  readonly warnings: readonly string[]
}

/** Enough to see a pattern; the rest is only counted. */
const MAX_WARNINGS = 100

/** Counts what becomes of a run's items. */
export class Tally {
  accepted = 0
  delivered = 0
  skipped = 0
  dropped = 0
  bytes = 0
  readonly #warnings: string[] = []

  /** Keep a warning for the receipt. */
  warn(warning: ClientError): void {
    if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(`${warning.code}: ${warning.message}`)
  }

  /** The receipt as of now. */
  receipt(): Receipt {
    const { accepted, delivered, skipped, dropped, bytes } = this
    const spooled = accepted - delivered - skipped - dropped
    return { accepted, delivered, skipped, spooled, dropped, bytes, warnings: [...this.#warnings] }
  }
}
