import { createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import type { ZlibOptions } from 'node:zlib'
import type { Transform } from 'node:stream'
import { Refusal } from '../errors/refusals.ts'
import type { Room } from '../http/rooms.ts'

type Unpacker = (options: ZlibOptions) => Transform

/** The two that MLflow takes; what is called `deflate` comes with and without a header. */
const unpackers: ReadonlyMap<string, readonly Unpacker[]> = new Map([
  ['gzip', [createGunzip]],
  ['deflate', [createInflate, createInflateRaw]],
])
const chunkSize = 64 * 1024

/** Under what a body is unpacked. */
export interface UnpackOptions {
  readonly maxBytes: number
  /** Counts what comes out, as it comes. */
  readonly room?: Pick<Room, 'take'> | undefined
}

/**
 * Unpacks a body that MLflow would unpack whole: a few kilobytes can be gigabytes then.
 *
 * @throws Refusal `SOEN_BODY_TOO_LARGE` above the limit, `SOEN_BODY_ENCODED` for what cannot be unpacked, and what the
 *   room refuses
 */
export async function unpack(packed: Buffer, encoding: string, options: UnpackOptions): Promise<Buffer> {
  if (encoding === 'identity') return packed
  let last: unknown
  for (const open of unpackers.get(encoding.toLowerCase()) ?? []) {
    try {
      return await drain(open({ chunkSize }).end(packed), options)
    } catch (error) {
      if (!isOfZlib(error)) throw error
      last = error
    }
  }
  throw new Refusal('SOEN_BODY_ENCODED', last)
}

async function drain(unpacked: AsyncIterable<Buffer>, { maxBytes, room }: UnpackOptions): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of unpacked) {
    size += chunk.length
    if (size > maxBytes) throw new Refusal('SOEN_BODY_TOO_LARGE')
    room?.take(chunk.length)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function isOfZlib(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && 'code' in error && String(error.code).startsWith('Z_')
}
