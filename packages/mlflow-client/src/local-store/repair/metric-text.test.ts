import { expect, test } from 'vitest'
import { findMetricDamage } from './metric-text.ts'

test.each([
  ['whole lines', '1 1.0 0\n2 nan 1\n'],
  ['lines filled with spaces', `1 1.0 0${' '.repeat(50)}\n2 2.0 1\n`],
  ['lines without a step', '1 1.0\n'],
  ['lines with a dataset', '1 1.0 3 data digest\n'],
])('leaves %s alone', (_, text) => {
  expect(findMetricDamage(text)).toBeUndefined()
})

test.each([
  ['1 1.0 0\n2 2.0', '1 torn line(s)', '1 1.0 0\n'],
  // It may be the beginning of step 12.
  ['1 1.0 0\n2 2.0 1', '1 torn line(s)', '1 1.0 0\n'],
  ['1 1.0 0\n17000\n3 3.0 2\n', '1 torn line(s)', '1 1.0 0\n3 3.0 2\n'],
  ['1 1.02 2.0 1\n3 3.0 2\n', '1 torn line(s)', '3 3.0 2\n'],
  ['1 1.0 0\n1 1 0\n\n', '1 torn line(s), 1 point(s) repeated exactly', '1 1.0 0\n'],
])('mends %j', (text, why, content) => {
  expect(findMetricDamage(text)).toEqual({ why, content })
})

test.each(['', '\n', 'not a metric', 'DS_Store\u0000\n'])('finds nothing to keep in %j', (text) => {
  expect(findMetricDamage(text)).toMatchObject({ content: undefined })
})
