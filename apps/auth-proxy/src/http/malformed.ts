import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { hasErrorCode } from '../errors/auth-proxy-error.ts'
import { Refusal } from '../errors/refusals.ts'

/**
 * Answers bytes that Node could not parse as a request, then closes: what follows them cannot be trusted. Returns
 * the refusal, but none where a client was merely killed while it was sending.
 */
export function answerMalformed(error: Error, socket: Duplex): Refusal | undefined {
  if (!socket.writable || hasErrorCode(error, 'ECONNRESET')) {
    socket.destroy()
    return undefined
  }
  const isTooLarge = hasErrorCode(error, 'HPE_HEADER_OVERFLOW')
  const refusal = new Refusal(isTooLarge ? 'SOEN_HEADERS_TOO_LARGE' : 'SOEN_REQUEST_MALFORMED')
  answerBySocket(refusal, socket)
  return hasErrorCode(error, 'HPE_INVALID_EOF_STATE') ? undefined : refusal
}

/** Writes a refusal directly to the socket, where Node gives us no response object, and closes it. */
export function answerBySocket({ status, body }: Refusal, socket: Duplex): void {
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}
