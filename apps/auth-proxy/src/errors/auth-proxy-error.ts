import { docsOf } from './error-codes.ts'
import type { ErrorCode } from './error-codes.ts'

/** What an error is made of. */
export interface ErrorParts {
  /** Stable name to search for. */
  readonly code: ErrorCode
  /** What happened, with the value, without secrets. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string
  /** What was thrown underneath. */
  readonly cause?: unknown
}

/** The base of every error that the front door names. */
export class AuthProxyError extends Error {
  override readonly name: string = 'AuthProxyError'
  readonly code: ErrorCode
  readonly hint: string
  /** Page and heading of the documentation, relative to its root. */
  readonly docs: string

  constructor({ code, message, hint, cause }: ErrorParts) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.hint = hint
    this.docs = docsOf(code)
  }
}

/** Wrong use of the program: exit code 2 instead of 1. */
export class UsageError extends AuthProxyError {
  override readonly name = 'UsageError'
}

/** Whether an error carries this code, for instance the system's `EADDRINUSE`. */
export function hasErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
