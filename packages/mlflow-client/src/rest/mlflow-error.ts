import { ClientError, type ClientErrorCode } from '../errors/client-error.ts'
import { judge, type Verdict } from './verdict.ts'

/** What a failed request is known to be. */
export interface MlflowErrorParts {
  readonly code: ClientErrorCode
  readonly message: string
  readonly hint: string
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  /** MLflow's own code, for example `RESOURCE_DOES_NOT_EXIST`. */
  readonly errorCode?: string | undefined
  /** What it says about the request, where status, code and message do not tell. */
  readonly verdict?: Verdict
  readonly retryAfterMs?: number | undefined
  readonly requestId?: string | undefined
  readonly cause?: unknown
}

/** A request that the server refused or never answered. */
export class MlflowError extends ClientError {
  override readonly name = 'MlflowError'
  readonly status: number
  readonly errorCode: string | undefined
  /** What it says about the request. */
  readonly verdict: Verdict
  /** How long the server asked to be left alone. */
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

/** A page of something in between acknowledges nothing, and blames nothing. */
export const NOT_MLFLOW = {
  code: 'SOEN_NOT_MLFLOW',
  hint: 'Open the tracking URI in a browser: a proxy or login page may stand in between, or the path is wrong.',
} as const

/** `fetch failed` hides the reason one level down. */
function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return rootMessage(error.cause)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return error.message === '' ? code || error.name : error.message
}
