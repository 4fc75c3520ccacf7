import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import type { Call } from '../canonical/call.ts'
import { isSafeMethod } from '../canonical/limits.ts'
import type { User } from '../identity/user.ts'
import { Refusal } from '../refusals.ts'
import type { UpstreamBody } from './request-body.ts'
import { upstreamHeaders } from './request-headers.ts'
import { ResponseRelay } from './response-relay.ts'
import { stampOwner } from './stamp-owner.ts'

/** A request that passed every check, with who sent it: without a user there is nothing to forward. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly call: Call
  readonly user: User
  /** Gets the whole answer too, unless that is large. */
  readonly reader?: ((answer: Buffer) => void) | undefined
}

/** Sends our own spelling of the request to MLflow and its answer back; resolves when that is done. */
export async function forward(
  upstream: Dispatcher,
  { request, response, call, user, reader }: Exchange,
): Promise<void> {
  const headers = upstreamHeaders(request)
  const body = call.upload ?? ownBody(stampOwner(call, user))
  if (body.length !== undefined) headers['content-length'] = body.length
  // Of an upload the client's own type goes with it; what we write is JSON.
  if (call.upload === undefined) delete headers['content-type']
  if (call.upload === undefined && body.content !== null) headers['content-type'] = 'application/json'

  const method = request.method ?? 'GET'
  const send = (): Promise<void> => {
    const relay = new ResponseRelay(response, call.route.rule.servesUpload ?? false, reader)
    upstream.dispatch({ path: call.target, method, headers, body: body.content }, relay)
    return relay.done
  }
  await (isSafeMethod(method) && body.content === null ? twiceIfBrokenOff(send) : send())
}

/** MLflow that starts anew leaves connections behind that break at the next use: a read is repeated, a change never. */
async function twiceIfBrokenOff(send: () => Promise<void>): Promise<void> {
  try {
    await send()
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'SOEN_MLFLOW_BROKE_OFF') throw error
    await send()
  }
}

function ownBody(json: Call['body']): UpstreamBody {
  if (json === undefined) return { content: null }
  const content = Buffer.from(JSON.stringify(json))
  return { content, length: String(content.length) }
}
