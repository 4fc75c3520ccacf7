import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import { hasErrorCode } from '../errors/auth-proxy-error.ts'
import { Refusal } from '../errors/refusals.ts'
import type { RefusalCode } from '../errors/error-codes.ts'
import { ClientLeft } from '../errors/client-left.ts'
import { usualReaderPace, watchReader } from '../http/pace.ts'
import type { Pace } from '../http/pace.ts'
import { notePassing } from '../http/passing-memory.ts'
import { clientHeaders } from './response-headers.ts'

const unreachable = ['ECONNREFUSED', 'ENOENT', 'EACCES', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_DESTROYED']
const silent = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']

/** Above this size copying costs more than a second packet. */
const maxJoinedBytes = 16 * 1024

/** Larger responses are not read by us. */
const maxReadBytes = 256 * 1024

interface RelayOptions {
  readonly isArtifact: boolean
  /** Whether a 500 from MLflow is not written to the client; `done` rejects with a `HeldFailure` instead. */
  readonly holdsFailure?: boolean
  /** Receives the whole response as well, unless it is large. */
  readonly reader?: ((answer: Buffer) => void) | undefined
  /** How fast the client must read the response. */
  readonly pace?: Pace | undefined
}

/** A 500 from MLflow, of which nothing was written to the client yet. */
export class HeldFailure extends Error {
  override readonly name = 'HeldFailure'
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer[] = []

  constructor(headers: OutgoingHttpHeaders) {
    super('MLflow answered 500.')
    this.headers = headers
  }
}

/** Writes MLflow's response to the client, no faster than the client reads; settles when it is over. */
export class ResponseRelay implements Dispatcher.DispatchHandler {
  /** Resolves after the last byte; rejects with a `Refusal` while a response of ours is still possible. */
  readonly done: Promise<void>
  readonly #response: ServerResponse
  readonly #isArtifact: boolean
  readonly #holdsFailure: boolean
  #held: HeldFailure | undefined
  readonly #reader: ((answer: Buffer) => void) | undefined
  readonly #pace: Pace
  #isWatched = false
  #read: Buffer[] = []
  #readBytes = 0
  readonly #settle: PromiseWithResolvers<void> = Promise.withResolvers<void>()
  #controller: Dispatcher.DispatchController | undefined
  #clientLeft = false
  /** The Content-Length of the response, where MLflow sent one. */
  #length: number | undefined

  constructor(
    response: ServerResponse,
    { isArtifact, holdsFailure = false, reader, pace = usualReaderPace }: RelayOptions,
  ) {
    this.#response = response
    this.#holdsFailure = holdsFailure
    this.#isArtifact = isArtifact
    this.#reader = reader
    this.#pace = pace
    this.done = this.#settle.promise
    response.on('close', () => {
      if (response.writableFinished) return
      this.#clientLeft = true
      this.#stopUpstream()
    })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#clientLeft) this.#stopUpstream()
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    // Interim responses (1xx) are between us and MLflow.
    if (status < 200) return
    this.#length = Number(headers['content-length'])
    const kept = clientHeaders(headers, this.#isArtifact)
    if (status === 500 && this.#holdsFailure) this.#held = new HeldFailure(kept)
    else this.#response.writeHead(status, kept)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    notePassing(chunk.length)
    if (this.#held !== undefined) return void this.#held.body.push(chunk)
    // Must come before the client gets the last byte, since its request ends then.
    if (this.#reader !== undefined) this.#readAlong(chunk, this.#reader)
    // Node sends headers and a small body in one packet only if it can join them as a string; latin1 keeps every
    // byte.
    if (chunk.length === this.#length && chunk.length <= maxJoinedBytes) {
      this.#response.end(chunk.toString('latin1'), 'latin1')
    } else if (!this.#response.write(chunk) && this.#response.writableLength > 0) {
      // If the system took the chunk at once, there is nothing to wait for, even if it exceeded Node's high-water
      // mark.
      controller.pause()
      this.#response.once('drain', () => controller.resume())
      // Only now: most responses are sent at once and need no timer.
      if (!this.#isWatched) this.#watch()
    }
  }

  onResponseEnd(): void {
    if (this.#held !== undefined) return this.#settle.reject(this.#held)
    this.#response.end()
    this.#settle.resolve()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#clientLeft || error instanceof ClientLeft) return this.#settle.resolve()
    if (!this.#response.headersSent) return this.#settle.reject(asRefusal(error))
    // The broken connection tells the client that the body is incomplete.
    this.#response.destroy()
    this.#settle.resolve()
  }

  /** A client that stops reading holds a connection to MLflow: its own is closed, as if it had left. */
  #watch(): void {
    this.#isWatched = true
    watchReader(this.#response, this.#pace, () => this.#response.destroy())
  }

  #readAlong(chunk: Buffer, reader: (answer: Buffer) => void): void {
    this.#readBytes += chunk.length
    if (!(Number(this.#length) <= maxReadBytes)) return
    this.#read.push(chunk)
    if (this.#readBytes === this.#length) reader(Buffer.concat(this.#read))
  }

  #stopUpstream(): void {
    this.#controller?.abort(new ClientLeft())
  }
}

/** A body that we ended for a reason of our own keeps that reason. */
function asRefusal(error: Error): Refusal {
  return error instanceof Refusal ? error : new Refusal(refusalFor(error), error)
}

/** The refusal for a request that MLflow did not answer. */
export function refusalFor(error: Error): RefusalCode {
  if (unreachable.some((code) => hasErrorCode(error, code))) return 'SOEN_MLFLOW_DOWN'
  if (silent.some((code) => hasErrorCode(error, code))) return 'SOEN_MLFLOW_SLOW'
  return 'SOEN_MLFLOW_BROKE_OFF'
}
