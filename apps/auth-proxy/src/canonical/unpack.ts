import { createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import type { ZlibOptions } from 'node:zlib'
import type { Transform } from 'node:stream'
import { Refusal } from '../errors/refusals.ts'
import type { Room } from '../http/rooms.ts'

type Unpacker = (options: ZlibOptions) => Transform

/** The two encodings that MLflow accepts; `deflate` occurs with and without a header. */
const unpackers: ReadonlyMap<string, readonly Unpacker[]> = new Map([
  ['gzip', [createGunzip]],
  ['deflate', [createInflate, createInflateRaw]],
])
const chunkSize = 64 * 1024

/** The limits for decompressing a body. */
export interface UnpackOptions {
  readonly maxBytes: number
  /** Counts the output as it is produced. */
  readonly room?: Pick<Room, 'take'> | undefined
}

/**
 * Decompresses a body that MLflow would decompress whole: a few kilobytes could then be gigabytes.
 *
 * @throws Refusal `SOEN_BODY_TOO_LARGE` above the limit, `SOEN_BODY_ENCODED` for invalid data, and what the room
 * refuses
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
