import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { hasErrorCode } from './errors.ts'
import { Refusal } from './refusals.ts'

/** Answers bytes that Node could not read as a request, then closes: what follows them cannot be trusted. */
export function answerMalformed(error: Error, socket: Socket): void {
  if (!socket.writable || hasErrorCode(error, 'ECONNRESET')) {
    socket.destroy()
    return
  }
  const isTooLarge = hasErrorCode(error, 'HPE_HEADER_OVERFLOW')
  const { status, body } = new Refusal(isTooLarge ? 'SOEN_HEADERS_TOO_LARGE' : 'SOEN_REQUEST_MALFORMED')
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
