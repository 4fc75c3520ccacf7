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

/** Of a text that is no JSON. */
const MAX_SAID = 200

/** Whatever has a limit is on the way, and says nothing that helps: MLflow has none of its own. */
const TOO_LARGE =
  'the request is larger than a proxy on the way takes; raise its limit (nginx: client_max_body_size)'

/** Turn an answer that is not a success into an error. */
export async function errorFromResponse(
  response: Response,
  request: string,
  verdict?: Verdict,
): Promise<MlflowError> {
  const { status } = response
  const body = await response.text().catch(() => '')
  const { errorCode, message } = readErrorBody(body)
  const shown = /^\s*<|^\s*$/.test(body) ? response.statusText : body.slice(0, MAX_SAID)
  const said = message ?? (status === 413 ? TOO_LARGE : shown)
  return new MlflowError({
    ...explain({ status, errorCode, location: response.headers.get('location') }),
    message: `${request} answered ${status}${errorCode ? ` ${errorCode}` : ''}: ${said}`,
    status,
    errorCode,
    verdict: verdict ?? judge({ status, errorCode, message: said }),
    retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
    requestId: response.headers.get('x-request-id') ?? undefined,
  })
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

function explain({
  status,
  errorCode,
  location,
}: {
  readonly status: number
  readonly errorCode: string | undefined
  readonly location: string | null
}): { code: ClientErrorCode; hint: string } {
  if ([401, 403].includes(status)) {
    return {
      code: 'SOEN_AUTH_REJECTED',
      hint: 'Check the password or token: `mlflow_password` in the `logging:` block or MLFLOW_TRACKING_PASSWORD.',
    }
  }
  if (status >= 300 && status < 400) {
    // Following it would hand the credentials to whatever it names.
    return {
      code: 'SOEN_TRACKING_URI_REDIRECTS',
      hint: `Use the address it names: ${location ?? 'none given'}`,
    }
  }
  if (errorCode === undefined && status < 500) return NOT_MLFLOW
  return {
    code: 'SOEN_SERVER_ERROR',
    hint: 'See the message; the server log says more under the request id.',
  }
}

function readErrorBody(body: string): { errorCode?: string; message?: string } {
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed !== 'object' || parsed === null) return {}
    return {
      ...('error_code' in parsed && typeof parsed.error_code === 'string'
        ? { errorCode: parsed.error_code }
        : {}),
      ...('message' in parsed && typeof parsed.message === 'string' ? { message: parsed.message } : {}),
    }
  } catch {
    return {}
  }
}

/** The header holds seconds or a date. */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

/** `fetch failed` hides the reason one level down. */
function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return rootMessage(error.cause)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return error.message === '' ? code || error.name : error.message
}
