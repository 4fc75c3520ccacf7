import { ClientError, type ClientErrorCode } from '../errors/client-error.ts'
import { judge, type Verdict } from './verdict.ts'

/** What is known about a failed request. */
export interface MlflowErrorParts {
  readonly code: ClientErrorCode
  readonly message: string
  readonly hint: string
  /** HTTP status; 0 when there was no response. */
  readonly status: number
  /** MLflow's own code, for example `RESOURCE_DOES_NOT_EXIST`. */
  readonly errorCode?: string | undefined
  /** What the failure means for the request, where status, code and message do not tell. */
  readonly verdict?: Verdict
  readonly retryAfterMs?: number | undefined
  readonly requestId?: string | undefined
  readonly cause?: unknown
}

/** A request that the server refused or did not answer. */
export class MlflowError extends ClientError {
  override readonly name = 'MlflowError'
  readonly status: number
  readonly errorCode: string | undefined
  /** What the failure means for the request. */
  readonly verdict: Verdict
  /** How long the server asked to wait before a retry (`Retry-After`). */
  readonly retryAfterMs: number | undefined
  readonly requestId: string | undefined

  constructor(parts: MlflowErrorParts) {
    super(parts)
    this.status = parts.status
    this.errorCode = parts.errorCode
    this.verdict = parts.verdict ?? judge(parts)
    this.retryAfterMs = parts.retryAfterMs
    this.requestId = parts.requestId
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return this.verdict === 'wait'
  }
}

/** Turn a failed connection into an error that names the server. */
export function errorFromNetwork(cause: unknown, request: string, server: string): MlflowError {
  return new MlflowError({
    code: 'SOEN_SERVER_UNREACHABLE',
    message: `${request} got no answer from ${server}: ${rootMessage(cause)}`,
    hint: 'Check the address and the network; what was logged stays in the journal until the server answers.',
    status: 0,
    cause,
  })
}

/** A page of something in between acknowledges nothing, and says nothing about the request. */
export const NOT_MLFLOW = {
  code: 'SOEN_NOT_MLFLOW',
  hint: 'Open the tracking URI in a browser: a proxy or login page may stand in between, or the path is wrong.',
} as const

/** The reason: `fetch failed` hides it one level down. */
function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return rootMessage(error.cause)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return error.message === '' ? code || error.name : error.message
}
