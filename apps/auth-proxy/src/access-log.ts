import type { FastifyReply, FastifyRequest } from 'fastify'

/** What is known about a request so far. Never the query or a header: those can hold secrets. */
export interface AccessEntry {
  path?: string
  user?: string
  /** What decided, for instance `POST {api}/2.0/mlflow/runs/delete`. */
  rule?: string
}

/** Writes one line when the request is over, also when the client left before its end. */
export function logWhenOver(request: FastifyRequest, reply: FastifyReply): AccessEntry {
  const entry: AccessEntry = {}
  const startedAt = performance.now()
  reply.raw.once('close', () => {
    const { writableFinished, statusCode } = reply.raw
    request.log.info(
      {
        reqId: request.id,
        method: request.method,
        ...entry,
        status: statusCode,
        ms: Math.round(performance.now() - startedAt),
        ...(writableFinished ? {} : { brokenOff: true }),
      },
      'request',
    )
  })
  return entry
}
