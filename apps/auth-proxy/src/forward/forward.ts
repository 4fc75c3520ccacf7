import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { Call } from '../canonical/call.ts'
import { hasErrorCode } from '../errors/auth-proxy-error.ts'
import { ClientLeft } from '../errors/client-left.ts'
import { Refusal } from '../errors/refusals.ts'
import { isSafeMethod } from '../http/limits.ts'
import type { Pace } from '../http/pace.ts'
import type { SentBody } from '../http/request-body.ts'
import type { Feature } from '../routes/rule.ts'
import type { User } from '../identity/user.ts'
import { Bundles } from './bundles.ts'
import { answerPage, isPage } from './page.ts'
import { Places } from './places.ts'
import type { Holder, Place, PlacesOptions } from './places.ts'
import { upstreamHeaders } from './request-headers.ts'
import { HeldFailure, ResponseRelay } from './response-relay.ts'
import { mayFailByName, takenName } from './taken-name.ts'

/** A request that passed every check, with its user: without one nothing can be forwarded. */
interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly call: Call
  readonly user: User
  /** Parts of MLflow that are enabled. */
  readonly features: ReadonlySet<Feature>
  /** Receives the whole response as well, unless it is large. */
  readonly reader?: ((answer: Buffer) => void) | undefined
}

/** Sends our own serialisation of the request to MLflow and the response back; resolves when that is done. */
export type Forward = (exchange: Exchange) => Promise<void>

/** Limits on concurrent requests to MLflow, and on slow readers. */
export interface ForwardOptions {
  /** Requests that transfer files, which may last for hours. */
  readonly transfers?: PlacesOptions
  /** All others. */
  readonly calls?: PlacesOptions
  /** How fast a client must read a response. */
  readonly readerPace?: Pace
  /** HTML for the head of MLflow's own page. */
  readonly pageHead?: ((user: User, features: ReadonlySet<Feature>) => string) | undefined
}

/** A connection pool to MLflow, and who may use it at once. */
interface Lane {
  readonly upstream: Dispatcher
  readonly places: Places
}

/**
 * Transfers and calls have places of their own, so that calls go on however much is up- or downloaded. A cluster
 * under one user name transfers fifty files at once; no user's share takes all places. The 16 connections left over
 * are for our own requests: whether MLflow is ready, and the files of its page.
 */
export const usualPlaces: { readonly transfers: PlacesOptions; readonly calls: PlacesOptions } = {
  transfers: { total: 128, perUser: 64 },
  calls: { total: 112, perUser: 84 },
}

/** Sets up forwarding to MLflow. */
export function openForward(upstream: Dispatcher, options: ForwardOptions = {}): Forward {
  const { transfers, calls, readerPace, pageHead } = { ...usualPlaces, ...options }
  const ofTransfers: Lane = { upstream, places: new Places(transfers) }
  const ofCalls: Lane = { upstream, places: new Places(calls) }
  const bundles = new Bundles(upstream)
  return async (exchange) => {
    const { request, response, call, user, features } = exchange
    if (pageHead !== undefined && isPage(request, call)) {
      if (await answerPage(upstream, response, pageHead(user, features))) return
    }
    if (bundles.has(request, call) && (await bundles.answer(request, response, call))) return
    const { upstream: way, places } = movesFile(call) ? ofTransfers : ofCalls
    const turn = places.take(holderOf(exchange))
    const place = turn instanceof Promise ? await waitFor(turn, call) : turn
    try {
      // The client may have left during the checks or the wait, and no event would tell us of that any more.
      if (response.destroyed) throw new ClientLeft()
      await send(way, exchange, readerPace)
    } finally {
      places.give(place)
    }
  }
}

function movesFile({ route, upload }: Call): boolean {
  return route.rule.servesUpload === true || upload !== undefined
}

/** Only transfers can be ended in favour of others: ending any other call would not undo what MLflow already does. */
function holderOf({ response, call, user }: Exchange): Holder {
  const { socket } = response
  return {
    user: user.name,
    response,
    bytes: () => (socket === null ? 0 : socket.bytesRead + socket.bytesWritten - socket.writableLength),
    leave: movesFile(call) ? () => endTransfer(response, call) : undefined,
  }
}

/**
 * An uploading client gets an error response; a downloading one, which has part of the response already, sees from
 * the broken connection that it is incomplete.
 */
function endTransfer(response: ServerResponse, { upload }: Call): void {
  if (upload?.content instanceof Readable) upload.content.destroy(new Refusal('SOEN_TRANSFER_ENDED'))
  else response.destroy()
}

async function waitFor(turn: Promise<Place>, { upload }: Call): Promise<Place> {
  try {
    return await turn
  } catch (error) {
    // The rest of the upload is read and dropped, so that the client gets to the response.
    if (upload?.content instanceof Readable) upload.content.destroy()
    throw error
  }
}

async function send(
  upstream: Dispatcher,
  { request, response, call, reader }: Exchange,
  pace: Pace | undefined,
): Promise<void> {
  const { method = 'GET' } = request
  const { content, length, isUnpacked = false } = call.upload ?? ownBody(call.body)
  const headers = upstreamHeaders(request)
  if (isUnpacked) delete headers['content-encoding']
  if (length !== undefined) headers['content-length'] = length
  // An upload keeps the client's content type; the bodies that we write are JSON.
  if (call.upload === undefined) {
    if (content === null) delete headers['content-type']
    else headers['content-type'] = 'application/json'
  }
  const isArtifact = call.route.rule.servesUpload ?? false
  // MLflow that fails in the middle of an upload closes the connection later: nobody else's request may be on it
  // then.
  const reset = content instanceof Readable
  const dispatch = (): Promise<void> => {
    const relay = new ResponseRelay(response, { isArtifact, holdsFailure: mayFailByName(call), reader, pace })
    upstream.dispatch({ path: call.target, method, headers, body: content, reset }, relay)
    return relay.done
  }
  try {
    await dispatch()
  } catch (error) {
    const isHeld = error instanceof HeldFailure
    if (!isHeld && !(error instanceof Refusal && error.code === 'SOEN_MLFLOW_BROKE_OFF')) throw error
    // While a large file is still being sent, MLflow may close the connection before its 500 is read.
    const taken = mayFailByName(call) ? await takenName(upstream, call) : undefined
    if (taken !== undefined) throw taken
    if (isHeld) return void response.writeHead(500, error.headers).end(Buffer.concat(error.body))
    // After a restart of MLflow, kept-alive connections fail at their next use: a read is retried, and a change only
    // where none of it can have arrived.
    const isRead = isSafeMethod(method) && content === null
    if (!isRead && (reset || !hasErrorCode(error.cause, 'EPIPE'))) throw error
    await dispatch()
  }
}

const noBody: SentBody = { content: null }

function ownBody(json: Call['body']): SentBody {
  if (json === undefined) return noBody
  const content = Buffer.from(JSON.stringify(json))
  return { content, length: String(content.length) }
}
