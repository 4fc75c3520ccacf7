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

/** An error for another program of the kit, which shows it in its own way. */
export type ErrorFields = Pick<AuthProxyError, 'code' | 'message' | 'hint' | 'docs'>

/** What another program reads of an error. */
export function fieldsOf({ code, message, hint, docs }: AuthProxyError): ErrorFields {
  return { code, message, hint, docs }
}

/** The body of an answer: MLflow's clients show `message`, and other programs find the parts of it in `error`. */
export function errorBody(
  errorCode: string,
  error: AuthProxyError,
): { readonly error_code: string; readonly message: string; readonly error: ErrorFields } {
  const { message, hint, code } = error
  return { error_code: errorCode, message: `${message} ${hint} (${code})`, error: fieldsOf(error) }
}

/** Wrong use of the program: exit code 2 instead of 1. */
export class UsageError extends AuthProxyError {
  override readonly name = 'UsageError'
}

/** Whether an error carries this code, for instance the system's `EADDRINUSE`. */
export function hasErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
