import type { Credentials } from '../settings/tracking-uri.ts'
import type { ArtifactContent } from './content.ts'
import { errorFromNetwork, MlflowError, NOT_MLFLOW } from './mlflow-error.ts'

/** The methods of MLflow's REST API. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** The parts of a request besides its path. */
export interface RequestParts {
  readonly query?: Readonly<Record<string, string | readonly string[] | number | undefined>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Already serialised JSON: large batches are serialised once, and measured before they are sent. */
  readonly jsonText?: string
  /** Raw bytes, streamed. */
  readonly content?: ArtifactContent
  /** The field that proves that a response is the server's; with `?`, an object without any field is valid, too. */
  readonly proof?: string
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number | undefined
}

/** A connection to one server. Each call is one attempt; retries are up to the caller. */
export interface Transport {
  readonly trackingUri: string
  /** The parsed JSON of a successful response. */
  json<Answer>(method: HttpMethod, path: string, parts?: RequestParts): Promise<Answer>
  /** A successful response whose body is not read yet. */
  raw(method: HttpMethod, path: string, parts?: RequestParts): Promise<Response>
}

/** Options of a transport. */
export interface TransportOptions {
  readonly trackingUri: string
  /** Or a function that returns them: they may be replaced during a long training. */
  readonly credentials?: Credentials | (() => Credentials | undefined) | undefined
  readonly timeoutMs?: number
  readonly fetch?: typeof globalThis.fetch
}

/** Create a transport on the platform's `fetch`. */
export function createTransport({
  trackingUri,
  credentials,
  timeoutMs = 120_000,
  fetch = globalThis.fetch,
}: TransportOptions): Transport {
  const currentCredentials = typeof credentials === 'function' ? credentials : () => credentials

  async function send(method: string, path: string, parts: RequestParts): Promise<Response> {
    const name = `${method} ${path}`
    const headers = new Headers({ accept: 'application/json' })
    const current = currentCredentials()
    if (current !== undefined) headers.set('authorization', authorizationHeader(current))
    const text = parts.jsonText ?? (parts.json === undefined ? undefined : JSON.stringify(parts.json))
    if (text !== undefined) headers.set('content-type', 'application/json')
    if (parts.content !== undefined) {
      headers.set('content-type', 'application/octet-stream')
      // Otherwise the body would be chunked, which servers that require a length refuse.
      headers.set('content-length', String(parts.content.size))
    }

    const timeout = AbortSignal.timeout(Math.round(parts.timeoutMs ?? timeoutMs))
    let response: Response
    try {
      response = await fetch(`${trackingUri}${path}${queryString(parts.query)}`, {
        method,
        headers,
        // Following a redirect could send the password elsewhere, or turn a POST into a GET.
        redirect: 'manual',
        signal: parts.signal ? AbortSignal.any([parts.signal, timeout]) : timeout,
        ...(text !== undefined && { body: text }),
        ...(parts.content !== undefined && bodyOf(parts.content)),
      })
    } catch (cause) {
      throw errorFromNetwork(cause, name, trackingUri)
    }
    if (response.ok) return response
    // Loaded with the first refusal.
    const { errorFromResponse } = await import('./error-from-response.ts')
    throw await errorFromResponse(response, name)
  }

  return {
    trackingUri,
    raw: (method, path, parts = {}) => send(method, path, parts),
    async json<Answer>(method: HttpMethod, path: string, parts: RequestParts = {}): Promise<Answer> {
      const response = await send(method, path, parts)
      let body: string
      try {
        body = await response.text()
      } catch (cause) {
        throw errorFromNetwork(cause, `${method} ${path}`, trackingUri)
      }
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- MLflow's shapes are held by the live tests; checking a million points would cost more than it finds
      return parseAnswer(body, parts.proof, response.status, `${method} ${path}`) as Answer
    },
  }
}

/** Content in memory is passed as it is: some implementations of `fetch` support no other bodies. */
function bodyOf(content: ArtifactContent): RequestInit {
  return content instanceof Blob ? { body: content } : { body: content.stream(), duplex: 'half' }
}

/** A 200 that is not JSON comes from something in between (a hotel's login page): it acknowledges nothing. */
function parseAnswer(body: string, proof: string | undefined, status: number, request: string): object {
  try {
    const answer: unknown = JSON.parse(body)
    if (typeof answer === 'object' && answer !== null && isProven(answer, proof)) return answer
  } catch {
    // Handled below, like anything that is not a JSON object.
  }
  throw notMlflow(request, status)
}

function isProven(answer: object, proof: string | undefined): boolean {
  if (proof === undefined) return true
  return proof.replace('?', '') in answer || (proof.endsWith('?') && Object.keys(answer).length === 0)
}

/**
 * Check the response to a write that returns no data.
 *
 * @throws MlflowError when it is not the server's
 */
export async function readReceipt(response: Response, request: string): Promise<void> {
  const body = await response.text()
  if (!/^\s*(\{\s*\}\s*)?$/.test(body)) throw notMlflow(request, response.status)
}

function notMlflow(request: string, status: number): MlflowError {
  return new MlflowError({
    ...NOT_MLFLOW,
    message: `${request} was answered by something that is not MLflow.`,
    status,
    verdict: 'wait',
  })
}

function authorizationHeader(credentials: Credentials): string {
  if (credentials.kind === 'bearer') return `Bearer ${credentials.token}`
  const pair = Buffer.from(`${credentials.username}:${credentials.password}`, 'utf8')
  return `Basic ${pair.toString('base64')}`
}

function queryString(query: RequestParts['query'] = {}): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(key, String(one))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}
