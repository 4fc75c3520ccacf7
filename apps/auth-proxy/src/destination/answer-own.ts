import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CanonicalTarget } from '../canonical/path.ts'
import { formText } from '../http/request-body.ts'
import type { OwnAnswer, OwnRequest, OwnRoute } from './own-route.ts'

/** A request for one of our own answers, as far as it is read. */
interface Arrival extends Pick<OwnRequest, 'params' | 'client' | 'authenticate'> {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly target: Pick<CanonicalTarget, 'path' | 'rawQuery'>
}

/** Answers a request of our pages or API. */
export function answerOwn(
  route: OwnRoute,
  { request, response, target, ...known }: Arrival,
): Promise<OwnAnswer> {
  const { method = '', headers, socket } = request
  return route.answer({
    ...known,
    method,
    path: target.path,
    query: new URLSearchParams(target.rawQuery),
    headers,
    peer: socket.remoteAddress,
    readBody() {
      if (headers.expect !== undefined) response.writeContinue()
      return formText(request)
    },
  })
}
