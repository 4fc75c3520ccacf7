import type { FastifyInstance } from 'fastify'

/** Resolves with the signal's name when the program is asked to stop. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
}

/** Takes no new connection, lets requests under way finish, and cuts off what is left after `graceMs`. */
export async function closeGracefully(app: FastifyInstance, graceMs = 10_000): Promise<void> {
  // A connection is kept alive after its last answer: it has to be closed when it becomes idle.
  const sweep = setInterval(() => app.server.closeIdleConnections(), 50)
  const cutOff = setTimeout(() => app.server.closeAllConnections(), graceMs)
  await app.close()
  clearInterval(sweep)
  clearTimeout(cutOff)
}
