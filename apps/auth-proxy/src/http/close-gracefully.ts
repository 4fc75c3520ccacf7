import type { Server, ServerResponse } from 'node:http'
import { Server as NetServer } from 'node:net'

interface Drain {
  /** After this time the remaining connections are cut off. */
  readonly graceMs?: number
  /** How long an idle kept-alive connection stays open for one more request. */
  readonly farewellMs?: number
}

/**
 * Accepts no new connections, lets current requests finish, and cuts off the rest after `graceMs`. A request on a
 * kept-alive connection is still answered, with `Connection: close`: closed at once, the connection could break
 * under a request that is just being sent.
 */
export async function closeGracefully(
  server: Server,
  { graceMs = 10_000, farewellMs = 1000 }: Drain = {},
): Promise<void> {
  server.prependListener('request', sayFarewell).prependListener('checkContinue', sayFarewell)
  // Not `server.close`, which would also close kept-alive connections between two requests.
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
  // All connections are closed by now; this stops Node's own check for slow ones.
  server.close()
}

function sayFarewell(_request: unknown, response: ServerResponse): void {
  response.shouldKeepAlive = false
}
