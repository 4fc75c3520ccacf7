import type { IncomingMessage, ServerResponse } from 'node:http'
import { hasBody } from './limits.ts'

/**
 * Keeps reading for a moment after an early response. Closing at once would reset the connection, and the client
 * would see the reset instead of the response.
 */
export function lingerAfterEarlyAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  lingerMs: number,
): void {
  if (!hasBody(request)) return
  response.once('finish', () => {
    if (request.complete) return
    const timer = setTimeout(() => request.socket.destroy(), lingerMs)
    request.once('close', () => clearTimeout(timer))
    request.once('end', () => clearTimeout(timer))
    request.resume()
  })
}
