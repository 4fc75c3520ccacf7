import { gunzipSync, brotliDecompressSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { acceptedEncoding, pack } from './encoding.ts'

it.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, deflate', 'gzip'],
  ['GZIP;q=0.5', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['br; q=0.000, gzip; q=0', 'identity'],
  ['identity', 'identity'],
  ['zstd', 'identity'],
  ['broken;q=x, br;q=x', 'identity'],
  ['', 'identity'],
  [undefined, 'identity'],
])('takes from %j the packing %s', (header, encoding) => {
  expect(acceptedEncoding(header)).toBe(encoding)
})

it('packs so that the content comes out again', async () => {
  const content = Buffer.from('let the page be small '.repeat(100))
  expect(brotliDecompressSync(await pack(content, 'br'))).toEqual(content)
  expect(gunzipSync(await pack(content, 'gzip'))).toEqual(content)
  expect(await pack(content, 'identity')).toEqual(content)
  expect((await pack(content, 'br')).length).toBeLessThan(100)
})
