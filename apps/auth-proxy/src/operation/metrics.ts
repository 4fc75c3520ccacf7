import type { ServerResponse } from 'node:http'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ErrorCode } from '../errors/error-codes.ts'
import type { Standing } from '../identity/standing.ts'

/** The label of requests whose route is not known, and of the front door's own pages. */
const elsewhere = '(own)'
/** Seconds: MLflow answers in milliseconds, and an artifact may take an hour. */
const buckets = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600]

/** Counts for Prometheus. Labels are routes, status classes and codes: never a user, an address or an id. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #requests = new Histogram({
    name: 'soen_http_request_duration_seconds',
    help: 'Requests by route and class of their status, and how long they took.',
    labelNames: ['route', 'status'] as const,
    buckets,
    registers: [this.#registry],
  })
  readonly #refusals = new Counter({
    name: 'soen_refusals_total',
    help: 'Answers of the front door in place of MLflow, by code; SOEN_MLFLOW_… are failures behind it.',
    labelNames: ['code'] as const,
    registers: [this.#registry],
  })

  #inFlight = 0

  constructor(standing: () => Standing) {
    // Milliseconds: sampling every 10, the default, is a quarter of an idle front door's CPU time, measured.
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 100 })
    const read = (name: string, help: string, value: (now: Standing) => number): void => {
      // oxlint-disable-next-line no-new -- the registry keeps it
      new Gauge({
        name,
        help,
        registers: [this.#registry],
        collect() {
          this.set(value(standing()))
        },
      })
    }
    const inFlight = 'Requests that are not answered to the end yet.'
    read('soen_http_requests_in_flight', inFlight, () => this.#inFlight)
    read('soen_users', 'Accounts.', ({ users }) => users)
    read('soen_tokens', 'API tokens.', ({ tokens }) => tokens)
    read('soen_sessions', 'Browser sessions.', ({ sessions }) => sessions)
    read('soen_lockouts', 'Names and networks that are locked out now.', ({ lockouts }) => lockouts)
    read('soen_password_hashes_running', 'Passwords that are being hashed.', (now) => now.hashesRunning)
    read('soen_password_cache_hits', 'Passwords known from memory.', (now) => now.passwordCacheHits)
    read('soen_password_cache_misses', 'Passwords that had to be hashed.', (now) => now.passwordCacheMisses)
  }

  /** Counts a request that began. */
  began(): void {
    this.#inFlight += 1
  }

  /** Counts a request that ended; `route` is its name in the table of rules, so that no label comes from a client. */
  ended(route: string | undefined, { headersSent, statusCode }: ServerResponse, ms: number): void {
    this.#inFlight -= 1
    const status = headersSent ? `${Math.floor(statusCode / 100)}xx` : 'none'
    this.#requests.observe({ route: route ?? elsewhere, status }, ms / 1000)
  }

  refused(code: ErrorCode): void {
    this.#refusals.inc({ code })
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }
}
