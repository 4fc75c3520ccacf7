import {
  call,
  MlflowError,
  refusal,
  type AnswerOf,
  type RequestOf,
  type RouteName,
  type Transport,
} from '@soen/mlflow-client/rest'
import type { KnownServer } from '@soen/mlflow-client/delivery'

/** For how long after an unanswered request no program is made to wait for the server. */
const AWAY_FOR_MS = 5_000

/** How long a read waits for the delivery of what was logged before it. */
const READ_WAIT_MS = 10_000

/** How the relay contacts the server on behalf of a program. */
export interface UpstreamParts {
  readonly transport: Transport
  readonly server: KnownServer
  /** Whether the server must never be contacted. */
  readonly isOffline: boolean
}

/** The server behind the relay, which may be away. */
export class Upstream {
  readonly #transport: Transport
  readonly #server: KnownServer
  readonly #isOffline: boolean
  #awayUntil = 0
  #answeredAt = -Infinity

  constructor({ transport, server, isOffline }: UpstreamParts) {
    this.#transport = transport
    this.#server = server
    this.#isOffline = isOffline
  }

  /** Whether waiting for the server is pointless. */
  get isAway(): boolean {
    return this.#isOffline || this.#server.health.isAway || performance.now() < this.#awayUntil
  }

  /** Deliver what was logged before something is read: not while the server is away, and for a limited time. */
  async catchUp(outgoing: { flush(timeoutMs: number): Promise<void> } | undefined): Promise<void> {
    if (outgoing !== undefined && (await this.#answers())) await outgoing.flush(READ_WAIT_MS)
  }

  /**
   * Send a request, or find out that the server is away.
   *
   * @throws MlflowError what the server refuses, or `TEMPORARILY_UNAVAILABLE` when it is away
   */
  async reach<Answer>(ask: (transport: Transport) => Promise<Answer>): Promise<Answer> {
    if (this.isAway) throw away()
    try {
      const answer = await ask(this.#transport)
      this.#answeredAt = performance.now()
      return answer
    } catch (error) {
      if (!(error instanceof MlflowError) || !error.retryable) throw error
      this.#awayUntil = performance.now() + AWAY_FOR_MS
      throw away(error)
    }
  }

  /** Call a route, or find out that the server is away. */
  async ask<Name extends RouteName>(route: Name, request: RequestOf<Name>): Promise<AnswerOf<Name>> {
    return await this.reach((transport) => call(transport, route, request))
  }

  /** The server's response, or `otherwise` when it is away. */
  async askOr<Name extends RouteName>(
    route: Name,
    request: RequestOf<Name>,
    otherwise: (away: MlflowError) => AnswerOf<Name>,
  ): Promise<AnswerOf<Name>> {
    try {
      return await this.ask(route, request)
    } catch (error) {
      if (isAway(error)) return otherwise(error)
      throw error
    }
  }

  /** Whether it responds at all: a delivery takes longer to find out that it does not. */
  async #answers(): Promise<boolean> {
    if (!this.isAway && performance.now() - this.#answeredAt < AWAY_FOR_MS) return true
    try {
      await this.reach(async (transport) => await (await transport.raw('GET', '/health')).text())
      return true
    } catch (error) {
      return !isAway(error)
    }
  }
}

/** Whether this error means that the server is away, and nothing about the request. */
export function isAway(error: unknown): error is MlflowError {
  return error instanceof MlflowError && error.errorCode === 'TEMPORARILY_UNAVAILABLE'
}

function away(cause?: MlflowError): MlflowError {
  const why = cause === undefined ? 'it does not answer' : cause.message
  return refusal(
    'TEMPORARILY_UNAVAILABLE',
    `The tracking server is away, and what was asked is not in the journal: ${why}`,
    'What the program logs is kept, and delivered when the server is back.',
  )
}
