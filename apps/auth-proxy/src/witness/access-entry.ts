import type { ServerResponse } from 'node:http'
import { withoutSecrets } from '../identity/token.ts'
import type { Log } from '../log/log.ts'

/**
 * What is known about a request so far. Never the query or a header, which can hold secrets; tokens in a path are
 * reduced to their ids.
 */
export class AccessEntry {
  path?: string
  user?: string
  /** The name of the rule that decided, for instance `POST {api}/2.0/mlflow/runs/delete`. */
  rule?: string
  readonly #reqId: string
  readonly #method: string

  constructor(reqId: string, method: string) {
    this.#reqId = reqId
    this.#method = method
  }

  /** Writes one line when the request has ended, also when the client left early. */
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
