import type { ServerResponse } from 'node:http'
import { withoutSecrets } from '../identity/token.ts'
import type { Log } from '../log/log.ts'

/** What is known about a request so far. Never the query or a header: those can hold secrets, as a path by mistake. */
export class AccessEntry {
  path?: string
  user?: string
  /** What decided, for instance `POST {api}/2.0/mlflow/runs/delete`. */
  rule?: string
  readonly #reqId: string
  readonly #method: string

  constructor(reqId: string, method: string) {
    this.#reqId = reqId
    this.#method = method
  }

  /** Writes one line when the request is over, also when the client left before its end. */
  write(log: Log, { writableFinished, statusCode }: ServerResponse, ms: number): void {
    log.info('request', {
      reqId: this.#reqId,
      method: this.#method,
      path: this.path && withoutSecrets(this.path),
      user: this.user,
      rule: this.rule,
      status: statusCode,
      ms: Math.round(ms),
      brokenOff: writableFinished ? undefined : true,
    })
  }
}
