import { expect, it } from 'vitest'
import { randomBase62, toBase62 } from './base62.ts'

it('draws as many characters as asked, from 62, and others every time', () => {
  const [first, second] = [randomBase62(32), randomBase62(32)]
  expect(first).toMatch(/^[0-9A-Za-z]{32}$/)
  expect(first).not.toBe(second)
})

it('draws every character about equally often', () => {
  const counts = new Map<string, number>()
  for (const character of randomBase62(62_000)) counts.set(character, (counts.get(character) ?? 0) + 1)
  expect(counts.size).toBe(62)
  // A thousand of each; eight standard deviations, so that chance practically never fails the test.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(8 * Math.sqrt(1000))
})

it.each([
  [0, '000000'],
  [61, '00000z'],
  [62, '000010'],
  [0xffff_ffff, '4gfFC3'],
])('writes %d as %s', (value, text) => {
  expect(toBase62(value, 6)).toBe(text)
})
