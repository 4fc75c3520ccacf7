import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { hasErrorCode } from '../errors/auth-proxy-error.ts'
import { Refusal } from '../errors/refusals.ts'

/**
 * Answers bytes that Node could not read as a request, then closes: what follows them cannot be trusted. Says what was
 * answered, if those bytes were wrong: a program that is killed while it sends just ends.
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

/** Answers where Node has no response for us, and closes. */
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
