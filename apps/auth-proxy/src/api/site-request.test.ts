import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { readSmallBody } from './site-request.ts'

it('puts a body together, also when a character arrives in two pieces', async () => {
  const bytes = Buffer.from('{"name":"Zoë"}')
  const pieces = Readable.from([bytes.subarray(0, 12), bytes.subarray(12)])
  expect(await readSmallBody(pieces)).toBe('{"name":"Zoë"}')
})

it('does not keep what no form of ours can be', async () => {
  const tooMuch = Readable.from([Buffer.alloc(64 * 1024), Buffer.alloc(1)])
  await expect(readSmallBody(tooMuch)).rejects.toMatchObject({ code: 'SOEN_FORM_TOO_LARGE', status: 413 })
})
