import { expect, test } from 'vitest'
import { shortestFloat32 } from './float32.ts'

test.each([0.1, 0.25, 1 / 8, 0.001, 123.456, -2.5e-7, 1.17549e-38, 1e-45, 3.4e38, 16_777_216, 0])(
  '%d comes back from single precision as it was written',
  (value) => {
    expect(shortestFloat32(Math.fround(value))).toBe(value)
  },
)

test('what is no ordinary number stays what it is', () => {
  expect([NaN, Infinity, -Infinity, -0].map(shortestFloat32)).toEqual([NaN, Infinity, -Infinity, -0])
})

test('stays the same number in single precision, whatever its bits, and never gets longer', () => {
  const bits = new Uint32Array(1)
  const float = new Float32Array(bits.buffer)
  // A stride that is coprime to 2³² visits every exponent and both signs.
  for (let index = 0; index < 20_000; index += 1) {
    bits[0] = Math.imul(index, 0x9e3779b1)
    const value = float[0] ?? 0
    const short = shortestFloat32(value)
    expect(Math.fround(short)).toBe(value)
    expect(String(short).length).toBeLessThanOrEqual(String(value).length)
  }
})
