import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawHistogram } from './draw-histogram.ts'
import { toHistogram } from './histogram.ts'

test('counts as numpy does, its last bucket with its end', () => {
  expect(toHistogram([0, 1, 1, 2, 3, 4, NaN, Infinity], 4)).toEqual({
    counts: [1, 2, 1, 2],
    edges: [0, 1, 2, 3, 4],
    min: 0,
    max: 4,
    mean: 11 / 6,
    notFinite: 2,
  })
})

test('equal values have a bucket of their own', () => {
  expect(toHistogram([7, 7, 7], 2)).toMatchObject({ counts: [0, 3], edges: [6.5, 7, 7.5] })
})

test('values that differ by less than a number can be halved are each in a bucket', () => {
  const { counts } = toHistogram([0, -1e-323], 2)
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2)
})

test('every finite value is in one bucket, whatever the values', () => {
  const values = fc.array(fc.double(), { minLength: 1 }).filter((each) => each.some(Number.isFinite))
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 100 }), (each, bins) => {
      const { counts, edges, notFinite } = toHistogram(each, bins)
      const finite = each.filter(Number.isFinite).length
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(finite)
      expect(notFinite).toBe(each.length - finite)
      expect(edges).toHaveLength(bins + 1)
      expect(edges).toEqual(edges.toSorted((a, b) => a - b))
    }),
  )
})

test('without a finite value there is none', () => {
  expect(() => toHistogram([NaN, Infinity], 4)).toThrow('no finite value')
})

test('is drawn as bars between its two ends', () => {
  const { width, height, channels, data } = drawHistogram({ counts: [0, 4, 0, 0], edges: [0, 1, 2, 3, 4] })
  const at = (x: number, y: number): number[] => [
    ...data.subarray((y * width + x) * channels, (y * width + x + 1) * channels),
  ]
  const [white, bar] = [
    [255, 255, 255],
    [68, 119, 170],
  ]
  expect([at(20, height / 2), at(150, height / 2), at(300, height / 2)]).toEqual([white, bar, white])
})
