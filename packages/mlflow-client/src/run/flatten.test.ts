import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { flattenParams, spellValue } from './flatten.ts'

/** Programs pass values typed by interfaces as often as by type aliases. */
interface TrainingConfig {
  readonly lr: number
  readonly model: { readonly depth: number }
}

test('joins nested names with dots and leaves out what is undefined', () => {
  const params = { lr: 1e-3, model: { depth: 4, conv: { kernel: [3, 3] } }, none: undefined }
  expect(flattenParams(params)).toEqual({
    entries: [
      ['lr', '0.001'],
      ['model.depth', '4'],
      ['model.conv.kernel', '[3,3]'],
    ],
    refused: [],
  })
})

test('takes objects of interfaces, classes, maps and other realms', () => {
  const config: TrainingConfig = { lr: 1, model: { depth: 4 } }
  class Options {
    readonly lr = 1
    readonly model = new Map([['depth', 4]])
  }
  const others: object[] = [
    config,
    new Options(),
    new Map(Object.entries(config)),
    runInNewContext('({ lr: 1, model: { depth: 4 } })'),
  ]
  for (const params of others) {
    expect(flattenParams(params).entries).toEqual([
      ['lr', '1'],
      ['model.depth', '4'],
    ])
  }
})

test.each<[unknown, string]>([
  [true, 'true'],
  [null, 'null'],
  [10n, '10'],
  ['', ''],
  [NaN, 'NaN'],
  [Math.tanh, 'tanh'],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
  [new URL('https://example.org/a'), 'https://example.org/a'],
  [/a+/g, '/a+/g'],
  [new Set([1, 2]), '[1,2]'],
  [new Float32Array([0.5, 2]), '[0.5,2]'],
  [[1n, { a: 2n }], '["1",{"a":"2"}]'],
  ['half \uD800 and \0', 'half \uFFFD and \uFFFD'],
])('writes %s as a text', (value, text) => {
  expect(spellValue(value)).toBe(text)
})

test('names what cannot be written, and takes the rest', () => {
  const circle: Record<string, unknown> = { depth: 4 }
  circle['self'] = circle
  let deep: object = {}
  for (let level = 0; level < 10_000; level += 1) deep = { inner: deep }
  const { entries, refused } = flattenParams({ circle, deep, lr: 1 })
  expect(entries).toEqual([
    ['circle.depth', '4'],
    ['lr', '1'],
  ])
  expect(refused.map(({ why }) => why)).toEqual(['it contains itself', 'it is nested deeper than 100 levels'])
})

test.each([[undefined], ['text'], [['a']], [new Date(0)]])(
  'refuses %j in place of named parameters',
  (params) => {
    expect(flattenParams(params)).toMatchObject({ entries: [], refused: [{ name: 'params' }] })
  },
)
