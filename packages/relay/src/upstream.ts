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

/** After a call without an answer, the server is not asked by a program that waits for this long. */
const AWAY_FOR_MS = 5_000

/** How long a read waits for what was logged before it. */
const READ_WAIT_MS = 10_000

/** The server as the relay asks it in the program's name. */
export interface UpstreamParts {
  readonly transport: Transport
  readonly server: KnownServer
  /** The server is not to be asked at all. */
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

  /** Whether it makes no sense to let a program wait for the server. */
  get isAway(): boolean {
    return this.#isOffline || this.#server.health.isAway || performance.now() < this.#awayUntil
  }

  /** Deliver what was logged before something is read: not while the server is away, and not for ever. */
  async catchUp(outgoing: { flush(timeoutMs: number): Promise<void> } | undefined): Promise<void> {
    if (outgoing !== undefined && (await this.#answers())) await outgoing.flush(READ_WAIT_MS)
  }

  /**
   * Ask the server, or find out that it is away.
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

  /** Ask a route, or find out that the server is away. */
  async ask<Name extends RouteName>(route: Name, request: RequestOf<Name>): Promise<AnswerOf<Name>> {
    return await this.reach((transport) => call(transport, route, request))
  }

  /** What the server answers; what `otherwise` says when it is away. */
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

  /** Whether it answers at all: to wait for a delivery takes longer to find out that it does not. */
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

/** Whether this says that the server is away, and nothing about what was asked. */
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
