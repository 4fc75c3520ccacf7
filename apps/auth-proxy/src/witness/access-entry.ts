import type { ServerResponse } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { withoutSecrets } from '../identity/token.ts'

/** What is known about a request so far. Never the query or a header: those can hold secrets, as a path by mistake. */
export class AccessEntry {
  path?: string
  user?: string
  /** What decided, for instance `POST {api}/2.0/mlflow/runs/delete`. */
  rule?: string
  readonly #request: FastifyRequest
  readonly #startedAt = performance.now()

  constructor(request: FastifyRequest) {
    this.#request = request
  }

  /** Writes one line when the request is over, also when the client left before its end. */
  over({ writableFinished, statusCode }: ServerResponse): void {
    const { id, method, log } = this.#request
    log.info(
      {
        ...{
          reqId: id,
          method,
          path: this.path && withoutSecrets(this.path),
          user: this.user,
          rule: this.rule,
          status: statusCode,
        },
        ms: Math.round(performance.now() - this.#startedAt),
        ...(writableFinished ? {} : { brokenOff: true }),
      },
      'request',
    )
  }
}
