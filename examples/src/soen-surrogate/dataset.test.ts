import { expect, test } from 'vitest'
import { simulateData } from './dataset.ts'

const options = { samples: 50, validationShare: 0.2, noise: 0.01, seed: 4 }

test('splits as asked, with inputs scaled to -1 to 1', () => {
  const { train, validation } = simulateData(options)
  expect([train.count, validation.count]).toEqual([40, 10])
  expect(train.inputs).toHaveLength(40 * train.inputSize)
  expect(Math.max(...train.inputs.map(Math.abs))).toBeLessThanOrEqual(1)
})

test('is the same for the same seed', () => {
  expect(simulateData(options)).toEqual(simulateData(options))
  expect(simulateData({ ...options, seed: 5 })).not.toEqual(simulateData(options))
})

test('puts noise on training targets', () => {
  const noisy = simulateData(options).train
  const clean = simulateData({ ...options, noise: 0 }).train
  const deviations = noisy.targets.map((target, row) => target - (clean.targets[row] ?? 0))
  // The noise takes random numbers too, so only the first row has the same inputs.
  expect(noisy.inputs.subarray(0, 5)).toEqual(clean.inputs.subarray(0, 5))
  expect(deviations[0]).not.toBe(0)
  expect(Math.abs(deviations[0] ?? 1)).toBeLessThan(0.05)
})
