import { PassThrough, Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { readFirstLine } from './first-line.ts'

function* endlessLine(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(1024, 'x')
}

it.each([
  [['secret\n'], 'secret'],
  [['secret\r\nmore\n'], 'secret'],
  [['sec', 'ret\nmore'], 'secret'],
  [['no line end'], 'no line end'],
  [['\n'], ''],
  [[], ''],
  [[' with spaces \n'], ' with spaces '],
])('reads %j as %j', async (chunks, line) => {
  expect(await readFirstLine(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))).toBe(line)
})

it('puts characters together that arrive in two pieces', async () => {
  const bytes = Buffer.from('pä\n')
  expect(await readFirstLine(Readable.from([bytes.subarray(0, 2), bytes.subarray(2)]))).toBe('pä')
})

it('does not wait for the end of a stream that stays open', async () => {
  const stream = new PassThrough()
  stream.write('secret\n')
  expect(await readFirstLine(stream)).toBe('secret')
})

it('stops reading a line without end', async () => {
  expect((await readFirstLine(Readable.from(endlessLine()))).length).toBeLessThan(8192)
})

it('refuses bytes that are no text', async () => {
  await expect(readFirstLine(Readable.from([Buffer.from([0xff, 0x0a])]))).rejects.toMatchObject({
    code: 'SOEN_PASSWORD_INVALID',
  })
})
