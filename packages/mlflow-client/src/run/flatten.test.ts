import { expect, test } from 'vitest'
import { flattenParams } from './flatten.ts'

test('joins nested names with dots and leaves out what is undefined', () => {
  expect(flattenParams({ lr: 1e-3, model: { depth: 4, conv: { kernel: [3, 3] } }, none: undefined })).toEqual(
    [
      ['lr', '0.001'],
      ['model.depth', '4'],
      ['model.conv.kernel', '[3,3]'],
    ],
  )
})

test('writes every kind of value as text', () => {
  expect(Object.fromEntries(flattenParams({ a: true, b: null, c: 10n, d: '', e: NaN }))).toEqual({
    a: 'true',
    b: 'null',
    c: '10',
    d: '',
    e: 'NaN',
  })
})
