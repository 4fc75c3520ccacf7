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

/** Whoever watches requests: the log, and where there are some the audit and the figures. */
export interface WitnessOptions {
  readonly log: Log
  readonly audit?: TrailOptions | undefined
  readonly metrics?: Metrics | undefined
}

/** A request as it began. */
export interface Seen {
  readonly id: string
  readonly method: string
}

/** Is told how one request goes: for its line of the log, its record of the audit, and the figures. */
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

  /** This is from where it comes, whatever else is wrong with it. */
  came(address: string): void {
    this.#trail?.from(address)
  }

  /** It can be read in one way only. */
  arrived(path: string): void {
    this.#entry.path = path
  }

  /** This is where it goes. */
  found(destination: Destination): void {
    if (destination.kind === 'mlflow') {
      this.#route = destination.name
      this.#trail?.forRoute(destination)
      return
    }
    const action = actionOf(destination, this.#seen.method)
    if (action !== undefined) this.#trail?.forSite(action)
  }

  /** It is known who sends it. A change of accounts is on record before it is done: that is waited for. */
  known(principal: Principal): Promise<void> | undefined {
    this.#entry.user = principal.name
    this.#trail?.by(principal)
    return this.#trail?.changesSite()
  }

  /** It is not known who sends it; only whose name was used. */
  claimed(name: string | undefined): void {
    this.#trail?.claimed(name)
  }

  /** It was permitted or refused, and why. */
  decided(decision: Decision): void {
    this.#entry.rule = decision.rule
    this.#trail?.decided(decision)
  }

  /** This is what it is about. */
  touches(ids: readonly Id[]): void {
    this.#trail?.touches(ids)
  }

  /** It is about to be sent to MLflow. What cannot be undone is on record before: that is waited for. */
  sendsOn(): Promise<void> | undefined {
    return this.#trail?.sendsOn()
  }

  /** Reads MLflow's answer where that says more than the request. */
  get reader(): ((answer: Buffer) => void) | undefined {
    return this.#trail?.reader
  }

  /** A page or the API of ours answered it. */
  answered(answer: OwnAnswer): void {
    this.#trail?.answered(answer)
  }

  /** It was refused. `isHeard` says whether anybody is left to hear it: what failed behind us for nobody is no news. */
  refused(refusal: Refusal, isHeard: boolean): void {
    this.#trail?.refused(refusal)
    this.#options.metrics?.refused(refusal.code)
    if (!isHeard || refusal.status < 500) return
    const { code, cause, message } = refusal
    this.#options.log.error(message, { reqId: this.#seen.id, code, err: cause })
  }

  /** It is over, also when the client left before its end. */
  ended(response: ServerResponse): void {
    const ms = performance.now() - this.#startedAt
    this.#trail?.over(response)
    this.#entry.write(this.#options.log, response, ms)
    this.#options.metrics?.ended(this.#route, response, ms)
  }
}
