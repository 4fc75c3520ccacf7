import { expect, test } from 'vitest'
import { fromWireDouble, toWireDouble } from './double.ts'

test.each([0, -0, 1e-300, 0.1 + 0.2, Number.MAX_VALUE, Number.MIN_VALUE, NaN, Infinity, -Infinity])(
  'carries %s through JSON',
  (value) => {
    const json = JSON.stringify(toWireDouble(value))
    expect(Object.is(fromWireDouble(JSON.parse(json)), value)).toBe(true)
  },
)

test('never writes a bare token that JSON does not have', () => {
  expect([NaN, Infinity, -Infinity, -0].map(toWireDouble)).toEqual(['NaN', 'Infinity', '-Infinity', '-0.0'])
})
