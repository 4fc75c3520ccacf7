/** The pages of the documentation's folder `troubleshooting`, each with the codes that have a section there. */
export const hostErrorPages = {
  server: [
    'SOEN_NOT_DEPLOYED',
    'SOEN_DEPLOY_LOCKED',
    'SOEN_HOST_REQUEST',
    'SOEN_APT_LOCKED',
    'SOEN_HOST_OFFLINE',
    'SOEN_DISK_FULL',
    'SOEN_READ_ONLY_ROOT',
    'SOEN_PAYLOAD_INCOMPLETE',
    'SOEN_BUCKET_UNKNOWN',
    'SOEN_RESOURCE_FAILED',
    'SOEN_NOT_HEALTHY',
    'SOEN_CERTIFICATE_NOT_RENEWED',
    'SOEN_ALLOW_LIST_EMPTY',
    'SOEN_NOT_ON_ALLOW_LIST',
    'SOEN_NETWORK_INVALID',
  ],
  'server-access': [
    'SOEN_OS_UNSUPPORTED',
    'SOEN_HOST_PYTHON_MISSING',
    'SOEN_HOST_PYTHON_TOO_OLD',
    'SOEN_MEMORY_TOO_SMALL',
    'SOEN_PORT_TAKEN',
    'SOEN_FACTS_UNREADABLE',
  ],
  terminal: ['SOEN_UNEXPECTED'],
} as const

/** Every reason why a machine cannot be made a server, or a server cannot be changed. */
export type HostErrorCode = (typeof hostErrorPages)[keyof typeof hostErrorPages][number]

const pageOf: ReadonlyMap<string, string> = new Map(
  Object.entries(hostErrorPages).flatMap(([page, codes]) => codes.map((code) => [code, page])),
)

/** What every error of this package carries besides its message. */
export interface HostErrorDetails {
  readonly code: HostErrorCode
  /** One sentence: what to do about it. */
  readonly hint: string
  readonly cause?: unknown
}

/** A failure in preparing or running a part of the machine. */
export class HostError extends Error {
  override readonly name = 'HostError'
  readonly code: HostErrorCode
  readonly hint: string
  /** Page and heading of the documentation, relative to its root. */
  readonly docs: string

  constructor(message: string, { code, hint, cause }: HostErrorDetails) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.hint = hint
    this.docs = `/troubleshooting/${pageOf.get(code)}/#${code.toLowerCase()}`
  }
}
