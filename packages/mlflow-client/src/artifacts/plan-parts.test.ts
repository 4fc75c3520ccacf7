import { expect, test } from 'vitest'
import { planParts } from './plan-parts.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30

test('covers the file without gap or overlap', () => {
  expect(planParts(25, 10)).toEqual([
    { number: 1, start: 0, end: 10 },
    { number: 2, start: 10, end: 20 },
    { number: 3, start: 20, end: 25 },
  ])
  expect(planParts(20, 10)).toHaveLength(2)
  expect(planParts(0)).toEqual([])
})

test.each([
  [GIB, 64, 16 * MIB],
  [50 * GIB, 3200, 16 * MIB],
  [1000 * GIB, 9000, Math.ceil((1000 * GIB) / 9000)],
])('cuts %i bytes into %i parts', (size, count, partBytes) => {
  const parts = planParts(size)
  expect(parts).toHaveLength(count)
  expect(parts[0]).toEqual({ number: 1, start: 0, end: partBytes })
  expect(parts.at(-1)?.end).toBe(size)
})
