import { docsOf } from './error-codes.ts'
import type { ErrorCode } from './error-codes.ts'

/** The parts of an error. */
export interface ErrorParts {
  /** A stable name to search for. */
  readonly code: ErrorCode
  /** What happened, with the value but without secrets. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string
  /** The underlying error. */
  readonly cause?: unknown
}

/** The base class of every error that the front door names. */
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

/** The fields of an error for another program of the kit, which shows it in its own way. */
export type ErrorFields = Pick<AuthProxyError, 'code' | 'message' | 'hint' | 'docs'>

/** The fields of an error that another program reads. */
export function fieldsOf({ code, message, hint, docs }: AuthProxyError): ErrorFields {
  return { code, message, hint, docs }
}

/** The body of an error response: MLflow's clients show `message`, other programs read the parts in `error`. */
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
