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
import type { Room } from './rooms.ts'

/** A body to forward; `length` is undefined when only the sender knows it. */
export interface SentBody {
  readonly content: Buffer | Readable | null
  readonly length?: string
  /** Whether it was decompressed, so that its Content-Encoding no longer applies. */
  readonly isUnpacked?: boolean
}

/** The limits on a body that is held in memory. */
export interface HoldOptions {
  readonly maxBytes: number
  readonly pace?: Pace
  /** Counts the bytes that are held. */
  readonly room?: Room | undefined
  /** Sees each chunk as it arrives, and may throw to refuse the rest. */
  readonly inspect?: ((piece: Buffer) => void) | undefined
  /** Whether the body may be compressed, because the caller decompresses it. */
  readonly mayBePacked?: boolean
}

const formBytes = 64 * 1024

/**
 * Reads the body of an API call to its end: MLflow must get whole bodies with a length (it takes chunked JSON for an
 * empty body), and a slow sender then occupies us instead of one of its few workers.
 */
export function wholeBody(request: IncomingMessage, options: HoldOptions): Promise<Buffer> {
  return hold(request, options, 'SOEN_BODY_TOO_LARGE')
}

/** Reads the body of a form or of a call of our own API, which may come from an unauthenticated client. */
export async function formText(request: IncomingMessage, pace: Pace = usualPace): Promise<string> {
  return (await hold(request, { maxBytes: formBytes, pace }, 'SOEN_FORM_TOO_LARGE')).toString('utf8')
}

async function hold(request: IncomingMessage, options: HoldOptions, tooLarge: RefusalCode): Promise<Buffer> {
  if (!hasBody(request)) return Buffer.alloc(0)
  const { 'content-encoding': encoding = 'identity', 'content-length': length = '0' } = request.headers
  if (encoding !== 'identity' && !options.mayBePacked) throw new Refusal('SOEN_BODY_ENCODED')
  if (Number(length) > options.maxBytes) throw new Refusal(tooLarge)
  return await collect(request, options, tooLarge)
}

/** Streams the body of an upload as it arrives, no faster than MLflow takes it. */
export function streamedBody(request: IncomingMessage, pace: Pace = usualPace): SentBody {
  if (!hasBody(request)) return { content: null }
  const length = request.headers['content-length']
  return { content: detachable(request, pace), ...(length === undefined ? {} : { length }) }
}

function collect(
  request: IncomingMessage,
  { maxBytes, pace = usualPace, room, inspect }: HoldOptions,
  tooLarge: RefusalCode,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The client left while it was authenticated: no event will follow.
    if (request.destroyed) return reject(new ClientLeft())
    const chunks: Buffer[] = []
    let size = 0
    const keep = (chunk: Buffer): void => {
      size += chunk.length
      if (size > maxBytes) throw new Refusal(tooLarge)
      room?.take(chunk.length)
      inspect?.(chunk)
      chunks.push(chunk)
    }
    const onData = (chunk: Buffer): void => {
      try {
        keep(chunk)
      } catch (error) {
        // The rest is read and dropped, so that the client gets to the response.
        request.off('data', onData).resume()
        chunks.length = 0
        reject(error)
      }
    }
    request.on('data', onData)
    request.once('end', () => resolve(Buffer.concat(chunks)))
    // A body fails only when the client leaves: malformed HTTP closes the connection as well.
    request.once('error', () => reject(new ClientLeft()))
    watchPace(request, pace, () => reject(new Refusal('SOEN_BODY_SLOW')))
  })
}

/** A copy of the stream that undici may destroy without closing the client's connection. */
function detachable(request: IncomingMessage, pace: Pace): Readable {
  const copy = new PassThrough()
  // The client may leave before anybody listens to the copy; a later reader still finds it destroyed.
  copy.on('error', () => {})
  watchPace(request, pace, () => copy.destroy(new Refusal('SOEN_BODY_SLOW')))
  request.once('close', () => {
    if (!request.readableEnded) copy.destroy(new ClientLeft())
  })
  copy.once('close', () => {
    request.unpipe(copy)
    // MLflow responded early: the rest is read and dropped, so that the client gets to the response.
    request.resume()
  })
  request.on('data', (chunk: Buffer) => notePassing(chunk.length))
  return request.pipe(copy)
}
