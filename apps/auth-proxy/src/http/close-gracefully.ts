import type { Server, ServerResponse } from 'node:http'
import { Server as NetServer } from 'node:net'

interface Drain {
  /** When what is left is cut off. */
  readonly graceMs?: number
  /** How long a connection between two requests is left open for the next one. */
  readonly farewellMs?: number
}

/**
 * Takes no new connection, lets requests under way finish, and cuts off what is left after `graceMs`. Clients keep
 * connections for their next request: that one is still answered, with the word that it is the last. Closed at
 * once, the connection could break under a request that is just being sent.
 */
export async function closeGracefully(
  server: Server,
  { graceMs = 10_000, farewellMs = 1000 }: Drain = {},
): Promise<void> {
  server.prependListener('request', sayFarewell).prependListener('checkContinue', sayFarewell)
  // Not `server.close`, which would also close what is between two requests.
  const ended = new Promise<void>((resolve) => {
    NetServer.prototype.close.call(server, () => resolve())
  })
  const sweep = setInterval(() => {
    if (performance.now() - startedAt >= farewellMs) server.closeIdleConnections()
  }, 50)
  const startedAt = performance.now()
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMs)
  await ended
  clearInterval(sweep)
  clearTimeout(cutOff)
  // Nothing is open any more: Node ends its own look at slow connections.
  server.close()
}

function sayFarewell(_request: unknown, response: ServerResponse): void {
  response.shouldKeepAlive = false
}
