import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import type { Readable } from 'node:stream'
import { hasBody } from './limits.ts'
import type { RefusalCode } from '../errors/error-codes.ts'
import { Refusal } from '../errors/refusals.ts'
import { ClientLeft } from '../errors/client-left.ts'
import { notePassing } from './passing-memory.ts'
import { usualPace, watchPace } from './pace.ts'
import type { Pace } from './pace.ts'

/** A body as it is sent on; `length` is undefined when only the sender knows it. */
export interface SentBody {
  readonly content: Buffer | Readable | null
  readonly length?: string
}

/** The most that is held of a body, and what is said of more. */
interface Limit {
  readonly maxBytes: number
  readonly code: RefusalCode
}

const ofCall: Limit = { maxBytes: 32 * 1024 * 1024, code: 'SOEN_BODY_TOO_LARGE' }
const ofForm: Limit = { maxBytes: 64 * 1024, code: 'SOEN_FORM_TOO_LARGE' }

/**
 * Reads the body of an API call to its end: MLflow sees only whole ones with a length (it takes chunked JSON
 * for an empty body), and a slow sender occupies us instead of one of its few workers.
 */
export function wholeBody(request: IncomingMessage, pace: Pace = usualPace): Promise<Buffer> {
  return hold(request, pace, ofCall)
}

/** Reads the text of a form or of a call of our own API: anybody may send one, before it is known who asks. */
export async function formText(request: IncomingMessage, pace: Pace = usualPace): Promise<string> {
  return (await hold(request, pace, ofForm)).toString('utf8')
}

async function hold(request: IncomingMessage, pace: Pace, limit: Limit): Promise<Buffer> {
  if (!hasBody(request)) return Buffer.alloc(0)
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') throw new Refusal('SOEN_BODY_ENCODED')
  if (Number(request.headers['content-length'] ?? 0) > limit.maxBytes) throw new Refusal(limit.code)
  return await collect(request, pace, limit)
}

/** Hands the body of an upload through as it comes, no faster than MLflow takes it. */
export function streamedBody(request: IncomingMessage, pace: Pace = usualPace): SentBody {
  if (!hasBody(request)) return { content: null }
  const length = request.headers['content-length']
  return { content: detachable(request, pace), ...(length === undefined ? {} : { length }) }
}

function collect(request: IncomingMessage, pace: Pace, { maxBytes, code }: Limit): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // While it was checked who asks: what would have come of the body does not come any more.
    if (request.destroyed) return reject(new ClientLeft())
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
      else reject(new Refusal(code))
    })
    request.once('end', () => resolve(Buffer.concat(chunks)))
    // Nothing else breaks a body off: what cannot be read as HTTP ends the connection, too.
    request.once('error', () => reject(new ClientLeft()))
    watchPace(request, pace, () => reject(new Refusal('SOEN_BODY_SLOW')))
  })
}

/** A copy of the stream that undici may destroy without taking the client's connection along. */
function detachable(request: IncomingMessage, pace: Pace): Readable {
  const copy = new PassThrough()
  // The client may go before anybody listens to the copy; whoever takes it later still finds it broken.
  copy.on('error', () => {})
  watchPace(request, pace, () => copy.destroy(new Refusal('SOEN_BODY_SLOW')))
  request.once('close', () => {
    if (!request.readableEnded) copy.destroy(new ClientLeft())
  })
  copy.once('close', () => {
    request.unpipe(copy)
    // MLflow answered early: the rest is read and dropped, so that the client gets to the answer.
    request.resume()
  })
  request.on('data', (chunk: Buffer) => notePassing(chunk.length))
  return request.pipe(copy)
}
