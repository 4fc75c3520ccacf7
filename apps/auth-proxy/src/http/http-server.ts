import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Refusal } from '../errors/refusals.ts'
import { maxHeaderBytes } from './limits.ts'
import { answerBySocket, answerMalformed } from './malformed.ts'

/** Who is called, and how long a client may be silent. */
export interface HttpServerOptions {
  readonly onRequest: RequestListener
  /** Hears of bytes that are no request, as they were answered. */
  readonly onMalformed: (refusal: Refusal, address: string | undefined) => void
  readonly idleTimeoutMs: number
}

/** Node's own server, which leaves to us what Node would decide by itself. */
export function httpServer({ onRequest, onMalformed, idleTimeoutMs }: HttpServerOptions): Server {
  const server = createServer({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: 15_000,
    // An upload may last for hours; `pace.ts` says how slowly it may come.
    requestTimeout: 0,
    keepAliveTimeout: 72_000,
    // Nearly every request has no body: none of the events of a stream that is empty anyway.
    optimizeEmptyRequests: true,
    // Without a Host it is our check that answers, in MLflow's shape.
    requireHostHeader: false,
  })
  server.setTimeout(idleTimeoutMs)
  // Node would drop the ones behind the 1000th, for instance what a TLS proxy added; `checkLimits` refuses them all.
  server.maxHeadersCount = 0
  server.on('request', onRequest)
  // Node would say "100 Continue" before we know who asks.
  server.on('checkContinue', onRequest)
  // What else a client expects may be ignored (RFC 9110, 10.1.1); Node would answer by itself, and nobody would know.
  server.on('checkExpectation', onRequest)
  const note = (refusal: Refusal, socket: Duplex): void =>
    onMalformed(refusal, socket instanceof Socket ? socket.remoteAddress : undefined)
  server.on('clientError', (error, socket) => {
    const refusal = answerMalformed(error, socket)
    if (refusal) note(refusal, socket)
  })
  // Node would close the connection without a word.
  server.on('connect', (_request, socket) => {
    const refusal = new Refusal('SOEN_METHOD_NOT_ALLOWED')
    socket.on('error', () => socket.destroy())
    answerBySocket(refusal, socket)
    note(refusal, socket)
  })
  return server
}
