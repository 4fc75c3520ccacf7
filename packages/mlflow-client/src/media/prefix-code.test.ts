import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { codeLengths, codewords } from './prefix-code.ts'

/** 1 for a complete code, in which every sequence of bits has exactly one meaning. */
const kraftSum = (lengths: readonly number[]): number =>
  lengths.reduce((sum, length) => sum + (length === 0 ? 0 : 2 ** -length), 0)

test('every code of two symbols and more is complete and within its limit', () => {
  const counts = fc.array(fc.nat({ max: 100_000 }), { minLength: 2, maxLength: 280 })
  fc.assert(
    fc.property(
      counts.filter((each) => each.filter((count) => count > 0).length > 1),
      (each) => {
        const lengths = codeLengths(each, 15)
        expect(kraftSum(lengths)).toBe(1)
        expect(Math.max(...lengths)).toBeLessThanOrEqual(15)
        expect(lengths.map((length) => length > 0)).toEqual(each.map((count) => count > 0))
      },
    ),
  )
})

test('counts that make the deepest tree are cut to the limit', () => {
  const fibonacci = [1, 1]
  while (fibonacci.length < 24) fibonacci.push((fibonacci.at(-1) ?? 0) + (fibonacci.at(-2) ?? 0))
  const lengths = codeLengths(fibonacci, 15)
  expect(Math.max(...lengths)).toBeLessThanOrEqual(15)
  expect(kraftSum(lengths)).toBe(1)
})

test('codewords are canonical, with their first bit lowest', () => {
  expect(codewords([2, 1, 0, 3, 3])).toEqual([
    { bits: 0b01, length: 2 },
    { bits: 0, length: 1 },
    { bits: 0, length: 0 },
    { bits: 0b011, length: 3 },
    { bits: 0b111, length: 3 },
  ])
})
