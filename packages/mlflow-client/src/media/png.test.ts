import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toBytes, type Pixels } from './pixels.ts'
import { decodePng, encodePng } from './png.ts'

const anyPixels = fc
  .record({
    width: fc.integer({ min: 1, max: 12 }),
    height: fc.integer({ min: 1, max: 12 }),
    channels: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
  })
  .chain(({ width, height, channels }) => {
    const size = width * height * channels
    return fc
      .uint8Array({ minLength: size, maxLength: size })
      .map((data): Pixels & { data: Uint8Array } => ({ width, height, channels, data }))
  })

test('an image that was written is read as it was', () => {
  fc.assert(
    fc.property(anyPixels, (pixels) => {
      expect(decodePng(encodePng(pixels))).toEqual(pixels)
    }),
  )
})

test('what is no PNG of the usual kind is read as nothing', () => {
  const whole = encodePng({ width: 2, height: 2, channels: 1, data: new Uint8Array(4) })
  expect(decodePng(whole.subarray(0, 40))).toBeUndefined()
  expect(decodePng(Buffer.from('GIF89a'))).toBeUndefined()
  // Interlaced.
  expect(decodePng(whole.with(28, 1))).toBeUndefined()
})

test('floats from 0 to 1 become bytes, and what is beyond is clamped', () => {
  const data = Float32Array.of(-1, 0, 0.5, 1, 7, NaN)
  expect([...toBytes({ width: 6, height: 1, channels: 1, data }).data]).toEqual([0, 0, 128, 255, 255, 0])
})

test.each([
  [{ width: 2, height: 2, channels: 3, data: new Uint8Array(11) }, '2 × 2 × 3 are 12 values, not 11'],
  [{ width: 0, height: 2, channels: 3, data: new Uint8Array(0) }, '0 × 2 pixels'],
  [{ width: 1, height: 1, channels: 5, data: new Uint8Array(5) }, '5 channels'],
])('%j is refused by what does not fit', (pixels, message) => {
  expect(() => toBytes(pixels as Pixels)).toThrow(message)
})
