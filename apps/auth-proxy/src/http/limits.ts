import type { IncomingMessage } from 'node:http'
import { Refusal } from '../errors/refusals.ts'

/** Node refuses larger headers itself, before any of our code runs. */
export const maxHeaderBytes: number = 16 * 1024
/** Browsers send about thirty. Among thousands, one that a proxy appends is easily lost. */
const maxHeaders = 100
const maxUrlBytes = 8 * 1024
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
/** Of repeated headers Node keeps one; a program before or behind us could keep another. */
const sentOnce: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'content-type',
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'origin',
  'range',
])

/** A media type with optional parameters (RFC 9110, 8.3). */
const mediaType = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/

/** Refuses what no client of MLflow sends: overlong targets, other methods, repeated headers, GET with a body. */
export function checkLimits(request: IncomingMessage, target: string): void {
  if (target.length > maxUrlBytes) throw new Refusal('SOEN_URL_TOO_LONG')
  if (!methods.has(request.method ?? '')) throw new Refusal('SOEN_METHOD_NOT_ALLOWED')
  // HTTP/0.9 has no headers, and HTTP/1.0 no chunked encoding: intermediaries disagree about where such a body ends.
  if (request.httpVersionMajor !== 1) throw new Refusal('SOEN_REQUEST_MALFORMED')
  if (request.httpVersion === '1.0' && request.headers['transfer-encoding'] !== undefined) {
    throw new Refusal('SOEN_REQUEST_AMBIGUOUS')
  }
  // Any other value is a compression, which Node would not undo.
  if ((request.headers['transfer-encoding'] ?? 'chunked').toLowerCase() !== 'chunked') {
    throw new Refusal('SOEN_REQUEST_AMBIGUOUS')
  }
  if (isSafeMethod(request.method) && hasBody(request)) throw new Refusal('SOEN_REQUEST_AMBIGUOUS')

  const { 'content-type': type } = request.headers
  if (type !== undefined && !isSafeMethod(request.method) && !mediaType.test(type)) {
    throw new Refusal('SOEN_BODY_TYPE')
  }

  if (request.rawHeaders.length > 2 * maxHeaders) throw new Refusal('SOEN_HEADERS_TOO_LARGE')
  const seen = new Set<string>()
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase()
    if (!sentOnce.has(name)) continue
    if (seen.has(name)) throw new Refusal('SOEN_REQUEST_AMBIGUOUS')
    seen.add(name)
  }
}

/** Whether the method only reads. */
export function isSafeMethod(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Whether the request has a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length']
  return headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) !== 0)
}
