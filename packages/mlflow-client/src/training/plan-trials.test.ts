import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { planGrid, planRandom } from './plan-trials.ts'

test('a grid is every combination, the last parameter changing first', () => {
  expect(planGrid({ lr: [0.1, 0.2], depth: [1, 2], kind: ['a'] })).toEqual([
    { lr: 0.1, depth: 1, kind: 'a' },
    { lr: 0.1, depth: 2, kind: 'a' },
    { lr: 0.2, depth: 1, kind: 'a' },
    { lr: 0.2, depth: 2, kind: 'a' },
  ])
  expect(() => planGrid({ lr: { min: 0, max: 1 } })).toThrow('a list of values for "lr"')
})

test('chance stays within the space, and is the same for the same seed', () => {
  const space = {
    lr: { min: 1e-5, max: 1e-1, scale: 'log' as const },
    depth: { min: 2, max: 4, isInteger: true },
    kind: ['a', 'b'],
  }
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 50 }), (seed, count) => {
      const trials = planRandom(space, count, seed)
      expect(planRandom(space, count + 3, seed).slice(0, count)).toEqual(trials)
      for (const { lr, depth, kind } of trials) {
        expect(Number(lr)).toBeGreaterThanOrEqual(1e-5)
        expect(Number(lr)).toBeLessThanOrEqual(0.1 * (1 + Number.EPSILON * 8))
        expect([2, 3, 4]).toContain(depth)
        expect(['a', 'b']).toContain(kind)
      }
    }),
  )
  const drawn = new Set(planRandom(space, 100, 1).map(({ depth, kind }) => `${String(depth)}${String(kind)}`))
  expect(drawn.size).toBe(6)
})
