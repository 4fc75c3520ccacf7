import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Refusal } from '../errors/refusals.ts'
import { maxHeaderBytes } from './limits.ts'
import { answerBySocket, answerMalformed } from './malformed.ts'

/** The server's callbacks, and how long a client may be silent. */
export interface HttpServerOptions {
  readonly onRequest: RequestListener
  /** Called with the refusal that answered bytes which were not a valid request. */
  readonly onMalformed: (refusal: Refusal, address: string | undefined) => void
  readonly idleTimeoutMs: number
}

/** Node's HTTP server, with every decision that Node would make by itself left to us. */
export function httpServer({ onRequest, onMalformed, idleTimeoutMs }: HttpServerOptions): Server {
  const server = createServer({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: 15_000,
    // An upload may last for hours; `pace.ts` limits how slow it may be.
    requestTimeout: 0,
    keepAliveTimeout: 72_000,
    // Almost no request has a body: this skips the events of an empty stream.
    optimizeEmptyRequests: true,
    // A missing Host is refused by our own check, in MLflow's error shape.
    requireHostHeader: false,
  })
  server.setTimeout(idleTimeoutMs)
  // Node would silently drop headers after the 1000th, for instance what a TLS proxy appended; `checkLimits` refuses
  // so many.
  server.maxHeadersCount = 0
  server.on('request', onRequest)
  // Node would answer "100 Continue" before the client is authenticated.
  server.on('checkContinue', onRequest)
  // Other expectations may be ignored (RFC 9110, 10.1.1); Node would refuse them by itself, unlogged.
  server.on('checkExpectation', onRequest)
  const note = (refusal: Refusal, socket: Duplex): void =>
    onMalformed(refusal, socket instanceof Socket ? socket.remoteAddress : undefined)
  server.on('clientError', (error, socket) => {
    const refusal = answerMalformed(error, socket)
    if (refusal) note(refusal, socket)
  })
  // Node would close the connection without an answer.
  server.on('connect', (_request, socket) => {
    const refusal = new Refusal('SOEN_METHOD_NOT_ALLOWED')
    socket.on('error', () => socket.destroy())
    answerBySocket(refusal, socket)
    note(refusal, socket)
  })
  return server
}
