import { expect, test } from 'vitest'
import { fromPythonFloat, toPythonFloat } from './python-float.ts'

// What Python 3 prints for the same numbers.
test.each<[number, string]>([
  [0, '0.0'],
  [-0, '-0.0'],
  [1, '1.0'],
  [-12.5, '-12.5'],
  [0.1 + 0.2, '0.30000000000000004'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [1e-7, '1e-07'],
  [1.5e-10, '1.5e-10'],
  [1e15, '1000000000000000.0'],
  [1e16, '1e+16'],
  [123456789012345680, '1.2345678901234568e+17'],
  [1.5e300, '1.5e+300'],
  [5e-324, '5e-324'],
  [NaN, 'nan'],
  [Infinity, 'inf'],
  [-Infinity, '-inf'],
])('%d is written as %s and read back', (value, text) => {
  expect(toPythonFloat(value)).toBe(text)
  expect(Object.is(fromPythonFloat(text), value)).toBe(true)
})

test.each(['Infinity', '1e21', '-NaN', '+.5', '3.'])('reads %s, which other programs write', (text) => {
  expect(fromPythonFloat(text)).toBeTypeOf('number')
})

test.each(['', '1,5', '0x10', 'e5', '--1', '1e', 'infinit'])('does not take %j for a number', (text) => {
  expect(fromPythonFloat(text)).toBeUndefined()
})
