import type { ServerResponse } from 'node:http'
import { Server } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** Resolves with the signal's name when the program is asked to stop. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
}

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
  app: FastifyInstance,
  { graceMs = 10_000, farewellMs = 1000 }: Drain = {},
): Promise<void> {
  const { server } = app
  server.prependListener('request', sayFarewell).prependListener('checkContinue', sayFarewell)
  // Not `server.close`, which would also close what is between two requests.
  const ended = new Promise<void>((resolve) => {
    Server.prototype.close.call(server, () => resolve())
  })
  const sweep = setInterval(() => {
    if (performance.now() - startedAt >= farewellMs) server.closeIdleConnections()
  }, 50)
  const startedAt = performance.now()
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMs)
  await ended
  clearInterval(sweep)
  clearTimeout(cutOff)
  await app.close()
}

function sayFarewell(_request: unknown, response: ServerResponse): void {
  response.shouldKeepAlive = false
}
