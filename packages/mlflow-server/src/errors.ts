/** The pages of the documentation's folder `troubleshooting`, each with the codes that have a section there. */
export const mlflowServerErrorPages = {
  local: [
    'SOEN_SOCKET_PATH_TOO_LONG',
    'SOEN_DATABASE_UNREACHABLE',
    'SOEN_DATABASE_OLDER',
    'SOEN_DATABASE_NEWER',
    'SOEN_DATABASE_DAMAGED',
    'SOEN_ARTIFACTS_UNREACHABLE',
    'SOEN_DISK_FULL',
    'SOEN_PYTHON_MISSING',
    'SOEN_PYTHON_TOO_OLD',
    'SOEN_PYTHON_VENV_MISSING',
    'SOEN_INSTALL_FAILED',
    'SOEN_REGISTRY_UNREACHABLE',
    'SOEN_PACKAGE_HASH_MISMATCH',
  ],
} as const

/** Every reason why MLflow cannot be installed or started. */
export type MlflowServerErrorCode = (typeof mlflowServerErrorPages)['local'][number]

/** What every error of this package carries besides its message. */
export interface MlflowServerErrorDetails {
  readonly code: MlflowServerErrorCode
  /** What to do about it. */
  readonly hint: string
  readonly cause?: unknown
}

/** MLflow could not be installed, or cannot be started with these options. */
export class MlflowServerError extends Error {
  override readonly name = 'MlflowServerError'
  readonly code: MlflowServerErrorCode
  readonly hint: string
  /** Page and heading of the documentation, relative to its root. */
  readonly docs: string

  constructor(message: string, { code, hint, cause }: MlflowServerErrorDetails) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.hint = hint
    this.docs = `/troubleshooting/local/#${code.toLowerCase()}`
  }
}

/** Whether it is a system error with this code, for instance `ENOSPC`. */
export function hasErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
