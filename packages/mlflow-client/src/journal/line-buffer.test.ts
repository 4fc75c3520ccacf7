import { expect, test } from 'vitest'
import { LineBuffer } from './line-buffer.ts'
import { sealLine } from './line.ts'

const texts = ['', '123456789', 'ü€😀', '\uD800', 'x'.repeat(200_000)]

test('seals lines as every other place does, whatever they hold', () => {
  const buffer = new LineBuffer()
  for (const held of [texts, texts.slice(0, 2), []]) {
    const sealed = buffer.seal(held.map((json) => ({ json })))
    expect(sealed.equals(Buffer.from(held.map(sealLine).join('')))).toBe(true)
  }
})
