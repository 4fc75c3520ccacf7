/** What every error of this package carries, so that a terminal, a log and the guide can name it alike. */
export interface HostErrorDetails {
  /** Stable name, also the name of the page that explains it. */
  readonly code: string
  /** One sentence: what to do next. */
  readonly hint: string
  readonly cause?: unknown
}

/** A failure of preparing or running a part of the machine. */
export class HostError extends Error {
  readonly code: string
  readonly hint: string

  constructor(message: string, { code, hint, cause }: HostErrorDetails) {
    super(message, { cause })
    this.name = 'HostError'
    this.code = code
    this.hint = hint
  }
}
