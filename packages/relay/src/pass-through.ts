import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { refusal, type HttpMethod, type RequestParts } from '@soen/mlflow-client/rest'
import { sendJson } from './send-json.ts'
import type { OtherIds } from './other-ids.ts'
import type { Upstream } from './upstream.ts'

const METHODS: readonly HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Files of any size are read and written through this as well. */
const MOST_MS = 3_600_000

/** A request that the relay only forwards. */
export interface PassedRequest {
  readonly request: IncomingMessage
  /** Including its query. */
  readonly target: string
  /** The body where it was read already. */
  readonly text?: string | undefined
}

/**
 * Forward a request with the server's credentials, which the program does not have.
 *
 * @throws MlflowError as the server's, or `TEMPORARILY_UNAVAILABLE` when it is away
 */
export async function passThrough(
  { upstream, ids }: { readonly upstream: Upstream; readonly ids: OtherIds },
  { request, target, text }: PassedRequest,
  response: ServerResponse,
): Promise<void> {
  const method = METHODS.find((known) => known === request.method)
  if (method === undefined) throw refusal('NOT_IMPLEMENTED', `The relay has no answer to ${request.method}.`)
  const parts: RequestParts = text === undefined ? contentOf(request) : { jsonText: ids.toServer(text) }
  const answer = await upstream.reach((transport) =>
    transport.raw(method, ids.toServer(target), { ...parts, timeoutMs: MOST_MS }),
  )
  const type = answer.headers.get('content-type') ?? 'application/octet-stream'
  if (type.startsWith('application/json')) {
    return sendJson(response, ids.toProgram(await answer.text()), answer.status)
  }
  const length = answer.headers.has('content-encoding') ? null : answer.headers.get('content-length')
  response.writeHead(answer.status, {
    'content-type': type,
    ...(length !== null && { 'content-length': length }),
  })
  if (answer.body === null) response.end()
  else await pipeline(Readable.fromWeb(answer.body), response)
}

/** The body of a request, which can be read only once: there is no retry. */
function contentOf(request: IncomingMessage): RequestParts {
  const size = Number(request.headers['content-length'] ?? 0)
  return size === 0 ? {} : { content: { size, stream: () => request } }
}
