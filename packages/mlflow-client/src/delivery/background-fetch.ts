import type { Agent, IncomingMessage, RequestOptions, request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { agentOptions, isTracking, type ConnectionOptions } from './agent-options.ts'

/** Statuses whose responses have no body. */
const EMPTY: ReadonlySet<number> = new Set([204, 205, 304])

/**
 * A `fetch` whose connections keep the process alive only where that is wanted.
 *
 * The platform's own always do: a finished training would wait for a server that is silent. It supports what
 * delivery needs: texts, bytes and streams as bodies, and no redirects. A stream's length must be in the headers.
 */
export function createBackgroundFetch(connection: ConnectionOptions = {}): typeof globalThis.fetch {
  const connectors = new Map<string, Promise<Connector>>()
  return async (input, { method = 'GET', headers, body, signal } = {}) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const kind = `${url.protocol} ${isTracking(url, connection.trackingUri)}`
    const connector = connectors.get(kind) ?? connect(url, connection)
    connectors.set(kind, connector)
    // A certificate that cannot be read now may exist next time.
    connector.catch(() => connectors.delete(kind))
    const { request, agent } = await connector
    const options = {
      method,
      agent,
      headers: { ...lengthOf(body), ...Object.fromEntries(new Headers(headers)) },
      ...(signal && { signal }),
    }
    const holds = connection.keepsAlive === true
    const incoming = await exchange(request, url, { ...options, holds }, body)
    const { statusCode: status = 0, statusMessage: statusText = '' } = incoming
    const isEmpty = EMPTY.has(status)
    if (isEmpty) incoming.resume()
    const answerHeaders = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    )
    return new Response(isEmpty ? null : Readable.toWeb(incoming), {
      status,
      statusText,
      headers: answerHeaders,
    })
  }
}

interface Connector {
  readonly request: typeof httpRequest
  readonly agent: Agent
}

/** Loaded with the first request: TLS alone takes longer to load than the rest of this package. */
async function connect(url: URL, connection: ConnectionOptions): Promise<Connector> {
  const { Agent, request } =
    url.protocol === 'https:' ? await import('node:https') : await import('node:http')
  return { request, agent: new Agent(await agentOptions(url, connection)) }
}

async function exchange(
  request: typeof httpRequest,
  url: URL,
  { holds, ...options }: RequestOptions & { readonly holds: boolean },
  body: RequestInit['body'],
): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    const outgoing = request(url, options, resolve)
      // Stays attached: errors after the response's head are reported by its body.
      .on('error', reject)
      .on('socket', (socket) => holds || socket.unref())
    const stream = body instanceof Blob ? body.stream() : isStream(body) ? body : undefined
    if (stream !== undefined) {
      // An early response (413, for instance) cuts off the rest of the body, and is the result.
      pipeline(stream, outgoing).catch((error: unknown) => outgoing.destroy(asError(error)))
    } else outgoing.end(typeof body === 'string' || body instanceof Uint8Array ? body : undefined)
  })
}

function isStream(
  body: RequestInit['body'],
): body is AsyncIterable<Uint8Array> & NonNullable<RequestInit['body']> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}

function lengthOf(body: RequestInit['body']): { 'content-length'?: number } {
  if (body instanceof Blob) return { 'content-length': body.size }
  if (body instanceof Uint8Array) return { 'content-length': body.length }
  if (typeof body === 'string') return { 'content-length': Buffer.byteLength(body) }
  if (body === null || body === undefined || isStream(body)) return {}
  throw new TypeError('Only texts, bytes and streams can be sent in the background.')
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
