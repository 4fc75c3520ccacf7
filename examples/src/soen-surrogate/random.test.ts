import { expect, test } from 'vitest'
import { seededRandom } from './random.ts'

function stream(seed: number): number[] {
  const random = seededRandom(seed)
  return Array.from({ length: 5 }, () => random.uniform())
}

test('gives the same stream for the same seed, and another for another', () => {
  expect(stream(1)).toEqual(stream(1))
  expect(stream(1)).not.toEqual(stream(2))
})

test('draws normal numbers of mean 0 and deviation 1', () => {
  const random = seededRandom(3)
  const draws = Array.from({ length: 20_000 }, () => random.normal())
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
  const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length
  expect(Math.abs(mean)).toBeLessThan(0.03)
  expect(Math.abs(variance - 1)).toBeLessThan(0.03)
})

test('permutes without losing an index', () => {
  const order = seededRandom(5).permutation(100)
  expect(order.toSorted()).toEqual(Uint32Array.from({ length: 100 }, (_, index) => index))
  expect(order).not.toEqual(order.toSorted())
})
