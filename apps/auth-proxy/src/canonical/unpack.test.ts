import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../errors/refusals.ts'
import { unpack } from './unpack.ts'

const text = Buffer.from('spans '.repeat(50_000))
const maxBytes = text.length
const refusal = (code: string): unknown => expect.objectContaining({ code })

describe('unpack', () => {
  it.each([
    ['gzip', gzipSync(text)],
    ['GZip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['identity', text],
  ])('unpacks %s up to the limit', async (encoding, packed) => {
    expect(text.equals(await unpack(packed, encoding, { maxBytes }))).toBe(true)
  })

  it.each([
    ['more than the limit', 'gzip', gzipSync(Buffer.concat([text, text])), 'SOEN_BODY_TOO_LARGE'],
    ['more in a second part', 'gzip', Buffer.concat([gzipSync(text), gzipSync(text)]), 'SOEN_BODY_TOO_LARGE'],
    ['half of it', 'gzip', gzipSync(text).subarray(0, -20), 'SOEN_BODY_ENCODED'],
    ['another encoding', 'br', text, 'SOEN_BODY_ENCODED'],
    ['two encodings', 'gzip, gzip', gzipSync(gzipSync(text)), 'SOEN_BODY_ENCODED'],
    ['no encoding', '', text, 'SOEN_BODY_ENCODED'],
    ['a name that every object has', 'constructor', text, 'SOEN_BODY_ENCODED'],
  ])('refuses %s', async (_what, encoding, packed, code) => {
    await expect(unpack(packed, encoding, { maxBytes })).rejects.toEqual(refusal(code))
  })

  it('counts what comes out as it comes, and stops where there is no room for more', async () => {
    let taken = 0
    const room = {
      take(bytes: number) {
        if (taken + bytes > 100_000) throw new Refusal('SOEN_TOO_MANY_AT_ONCE')
        taken += bytes
      },
    }
    const packed = gzipSync(Buffer.alloc(50_000_000))
    const result = unpack(packed, 'gzip', { maxBytes: 100_000_000, room })
    await expect(result).rejects.toEqual(refusal('SOEN_TOO_MANY_AT_ONCE'))
    expect(taken).toBe(64 * 1024)
  })
})
