import { promisify } from 'node:util'
import { gunzip, inflate, inflateRaw } from 'node:zlib'
import type { InputType } from 'node:zlib'
import { hasErrorCode } from '../errors/auth-proxy-error.ts'
import { Refusal } from '../errors/refusals.ts'

type Unpack = (packed: InputType, limit: { readonly maxOutputLength: number }) => Promise<Buffer>

/** The two that MLflow takes; what is called `deflate` comes with and without a header. */
const unpackers: Readonly<Record<string, readonly Unpack[]>> = {
  gzip: [promisify(gunzip)],
  deflate: [promisify(inflate), promisify(inflateRaw)],
}

/**
 * Unpacks a body that MLflow would unpack whole: a few kilobytes can be gigabytes then.
 *
 * @throws Refusal `SOEN_BODY_TOO_LARGE` above the limit, `SOEN_BODY_ENCODED` for what cannot be unpacked
 */
export async function unpack(packed: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  if (encoding === 'identity') return packed
  let last: unknown
  for (const unpacker of unpackers[encoding.toLowerCase()] ?? []) {
    try {
      return await unpacker(packed, { maxOutputLength: maxBytes })
    } catch (error) {
      if (hasErrorCode(error, 'ERR_BUFFER_TOO_LARGE')) throw new Refusal('SOEN_BODY_TOO_LARGE', error)
      last = error
    }
  }
  throw new Refusal('SOEN_BODY_ENCODED', last)
}
