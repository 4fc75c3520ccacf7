import type { ServerResponse } from 'node:http'
import { Trail } from '../audit/trail.ts'
import type { TrailOptions } from '../audit/trail.ts'
import type { Id } from '../canonical/ids.ts'
import type { Decision } from '../decide/check.ts'
import type { Destination } from '../destination/find-destination.ts'
import { actionOf } from '../destination/own-route.ts'
import type { OwnAnswer } from '../destination/own-route.ts'
import type { Refusal } from '../errors/refusals.ts'
import type { Principal } from '../identity/principal.ts'
import type { Log } from '../log/log.ts'
import type { Metrics } from '../operation/metrics.ts'
import { AccessEntry } from './access-entry.ts'

/** Everything that watches requests: the log and, where enabled, the audit and the metrics. */
export interface WitnessOptions {
  readonly log: Log
  readonly audit?: TrailOptions | undefined
  readonly metrics?: Metrics | undefined
}

/** A request at its beginning. */
export interface Seen {
  readonly id: string
  readonly method: string
}

/** Is told each stage of one request, for its log line, its audit record and the metrics. */
export class Witness {
  readonly #options: WitnessOptions
  readonly #seen: Seen
  readonly #entry: AccessEntry
  readonly #trail: Trail | undefined
  readonly #startedAt = performance.now()
  /** Name of its route in the table of rules. */
  #route: string | undefined

  constructor(options: WitnessOptions, seen: Seen) {
    this.#options = options
    this.#seen = seen
    this.#entry = new AccessEntry(seen.id, seen.method)
    this.#trail = options.audit && new Trail(options.audit, seen)
    options.metrics?.began()
  }

  /** The client's address is known. */
  came(address: string): void {
    this.#trail?.from(address)
  }

  /** The path is canonical. */
  arrived(path: string): void {
    this.#entry.path = path
  }

  /** The destination is known. */
  found(destination: Destination): void {
    if (destination.kind === 'mlflow') {
      this.#route = destination.name
      this.#trail?.forRoute(destination)
      return
    }
    const action = actionOf(destination, this.#seen.method)
    if (action !== undefined) this.#trail?.forSite(action)
  }

  /** The caller is authenticated. For a change of accounts the returned promise waits until its record is stored. */
  known(principal: Principal): Promise<void> | undefined {
    this.#entry.user = principal.name
    this.#trail?.by(principal)
    return this.#trail?.changesSite()
  }

  /** The caller is not authenticated; this is the account whose name was used, if any. */
  claimed(name: string | undefined): void {
    this.#trail?.claimed(name)
  }

  /** The request was allowed or refused, and why. */
  decided(decision: Decision): void {
    this.#entry.rule = decision.rule
    this.#trail?.decided(decision)
  }

  /** The ids that the request names are known. */
  touches(ids: readonly Id[]): void {
    this.#trail?.touches(ids)
  }

  /**
   * The request is about to be forwarded to MLflow. If it does what cannot be undone, the returned promise waits
   * until its record is stored.
   */
  sendsOn(): Promise<void> | undefined {
    return this.#trail?.sendsOn()
  }

  /** Reads MLflow's response where it says more than the request. */
  get reader(): ((answer: Buffer) => void) | undefined {
    return this.#trail?.reader
  }

  /** A page or the API of ours answered. */
  answered(answer: OwnAnswer): void {
    this.#trail?.answered(answer)
  }

  /**
   * The request was refused. `isHeard` is false when the client has left: a failure that nobody waits for is not
   * logged.
   */
  refused(refusal: Refusal, isHeard: boolean): void {
    this.#trail?.refused(refusal)
    this.#options.metrics?.refused(refusal.code)
    if (!isHeard || refusal.status < 500) return
    const { code, cause, message } = refusal
    this.#options.log.error(message, { reqId: this.#seen.id, code, err: cause })
  }

  /** The request has ended, perhaps because the client left early. */
  ended(response: ServerResponse): void {
    const ms = performance.now() - this.#startedAt
    this.#trail?.over(response)
    this.#entry.write(this.#options.log, response, ms)
    this.#options.metrics?.ended(this.#route, response, ms)
  }
}
