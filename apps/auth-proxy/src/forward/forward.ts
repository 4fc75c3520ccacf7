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
import { ResponseRelay } from './response-relay.ts'

/** A request that passed every check, with who sent it: without a user there is nothing to forward. */
interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly call: Call
  readonly user: User
  /** Parts of MLflow that are on. */
  readonly features: ReadonlySet<Feature>
  /** Gets the whole answer too, unless that is large. */
  readonly reader?: ((answer: Buffer) => void) | undefined
}

/** Sends our own spelling of the request to MLflow and its answer back; resolves when that is done. */
export type Forward = (exchange: Exchange) => Promise<void>

/** What one user may take of MLflow, and how slowly. */
export interface ForwardOptions {
  /** Requests that move files, which may last for hours. */
  readonly transfers?: PlacesOptions
  /** All others. */
  readonly calls?: PlacesOptions
  /** How fast an answer must be taken. */
  readonly readerPace?: Pace
  /** HTML that MLflow's own page begins with. */
  readonly pageHead?: ((user: User, features: ReadonlySet<Feature>) => string) | undefined
}

/** A way to MLflow, and who may be on it at once. */
interface Lane {
  readonly upstream: Dispatcher
  readonly places: Places
}

/**
 * Files and calls have connections of their own, so that whatever is up- or downloaded, calls go on. A cluster that
 * works under one name moves fifty files at once; nobody's share leaves nothing to others. The 16 connections that
 * neither have are for our own questions: whether MLflow is ready, and the files of its page.
 */
export const usualPlaces: { readonly transfers: PlacesOptions; readonly calls: PlacesOptions } = {
  transfers: { total: 128, perUser: 64 },
  calls: { total: 112, perUser: 84 },
}

/** Prepares to send requests on. */
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
      // While it was checked or waited: nobody would tell us any more.
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

/** Files may have to leave for others; what MLflow was told to do otherwise is done by then. */
function holderOf({ response, call, user }: Exchange): Holder {
  const { socket } = response
  return {
    user: user.name,
    response,
    bytes: () => (socket === null ? 0 : socket.bytesRead + socket.bytesWritten - socket.writableLength),
    leave: movesFile(call) ? () => endTransfer(response, call) : undefined,
  }
}

/** Who sends is answered; who takes has had the beginning already, and sees by the broken connection that there is more. */
function endTransfer(response: ServerResponse, { upload }: Call): void {
  if (upload?.content instanceof Readable) upload.content.destroy(new Refusal('SOEN_TRANSFER_ENDED'))
  else response.destroy()
}

async function waitFor(turn: Promise<Place>, { upload }: Call): Promise<Place> {
  try {
    return await turn
  } catch (error) {
    // What nobody takes any more is read and dropped, so that the client gets to the answer.
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
  // Of an upload the client's own type goes with it; what we write is JSON.
  if (call.upload === undefined) {
    if (content === null) delete headers['content-type']
    else headers['content-type'] = 'application/json'
  }
  const isArtifact = call.route.rule.servesUpload ?? false
  // MLflow that fails in the middle of an upload breaks its connection off later: nobody else's request may be on it.
  const reset = content instanceof Readable
  const dispatch = (): Promise<void> => {
    const relay = new ResponseRelay(response, { isArtifact, reader, pace })
    upstream.dispatch({ path: call.target, method, headers, body: content, reset }, relay)
    return relay.done
  }
  try {
    await dispatch()
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'SOEN_MLFLOW_BROKE_OFF') throw error
    // MLflow that starts anew leaves connections behind that break at the next use: a read is repeated, and a change
    // where nothing of it can have arrived.
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
