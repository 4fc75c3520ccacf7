/** Every error code of this package. Each is also a heading of the troubleshooting page. */
export const CLIENT_ERROR_CODES = [
  'SOEN_CONFIG_INVALID',
  'SOEN_CONFIG_UNKNOWN_KEY',
  'SOEN_CONFIG_UNREADABLE',
  'SOEN_TRACKING_URI_MISSING',
  'SOEN_TRACKING_URI_INVALID',
  'SOEN_UNSUPPORTED_TRACKING_URI',
  'SOEN_TRACKING_URI_REDIRECTS',
  'SOEN_SERVER_UNREACHABLE',
  'SOEN_SERVER_ERROR',
  'SOEN_AUTH_REJECTED',
  'SOEN_NOT_MLFLOW',
  'SOEN_EXPERIMENT_DELETED',
  'SOEN_RUN_UNAVAILABLE',
  'SOEN_OTHER_SERVER',
  'SOEN_ITEM_REFUSED',
  'SOEN_ITEM_REJECTED',
  'SOEN_ARTIFACT_UNREADABLE',
  'SOEN_ARTIFACT_CHANGED',
  'SOEN_ARTIFACT_WAITS',
  'SOEN_SPOOL_UNWRITABLE',
  'SOEN_SPOOL_FULL',
  'SOEN_SPOOL_LOST',
] as const

/** An error code of this package. */
export type ClientErrorCode = (typeof CLIENT_ERROR_CODES)[number]

/** The parts of an error besides its cause. */
export interface ErrorParts {
  /** Stable name to search for. */
  readonly code: ClientErrorCode
  /** What happened, with the value but without secrets. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string
  /** The underlying error. */
  readonly cause?: unknown
}

/** The base class of everything that this package throws or warns with. */
export class ClientError extends Error {
  override readonly name: string = 'ClientError'
  readonly code: ClientErrorCode
  readonly hint: string
  /** Page and heading of the documentation, relative to its root. */
  readonly docs: string

  constructor({ code, message, hint, cause }: ErrorParts) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.hint = hint
    this.docs = `/troubleshooting/client/#${code.toLowerCase()}`
  }
}
