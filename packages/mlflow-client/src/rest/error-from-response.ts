import type { ClientErrorCode } from '../errors/client-error.ts'
import { MlflowError, NOT_MLFLOW } from './mlflow-error.ts'
import { judge, type Verdict } from './verdict.ts'

/** How much of a text that is not JSON is kept. */
const MAX_SAID = 200

/** Size limits are set by something in between, whose response does not help: MLflow has no limits of its own. */
const TOO_LARGE =
  'the request is larger than a proxy on the way takes; raise its limit (nginx: client_max_body_size)'

/** Turn an unsuccessful response into an error. */
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
    // Following a redirect would send the credentials to wherever it leads.
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

/** The header has seconds or a date. */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}
