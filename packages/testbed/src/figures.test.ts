import { expect, test } from 'vitest'
import { figure, quantile } from './figures.ts'

const peer = { name: 'stock MLflow', value: 2000 }

test('holds a figure against a bound of its value', () => {
  const goal = { of: 'value', atMost: 750 } as const
  expect(figure({ name: 'memory', value: 700, unit: 'MB', peer, goal })).toEqual({
    name: 'memory',
    value: 700,
    unit: 'MB',
    peer,
    ratio: 0.35,
    goal: '<= 750',
    holds: true,
  })
  expect(figure({ name: 'memory', value: 751, unit: 'MB', peer, goal }).holds).toBe(false)
})

test('holds a figure against a bound of its ratio', () => {
  const goal = { of: 'ratio', atLeast: 0.5 } as const
  expect(figure({ name: 'speed', value: 900, unit: '1/s', peer, goal })).toMatchObject({
    goal: 'ratio >= 0.5',
    holds: false,
  })
})

test('says nothing where there is no goal', () => {
  expect(figure({ name: 'speed', value: 1, unit: '1/s', peer })).toMatchObject({ goal: null, holds: null })
})

test.each([
  [0.5, 2],
  [0.99, 4],
  [0, 1],
])('finds the value below which %d of all lie', (share, expected) => {
  expect(quantile([4, 1, 3, 2], share)).toBe(expected)
})
