import { expect, test } from 'vitest'
import { simulateData } from './dataset.ts'
import { fit, score, startFit, type FitListener } from './fit.ts'
import { Network } from './network.ts'

const options = { sizes: [5, 12, 1], epochs: 24, batchSize: 16, learningRate: 0.01, seed: 1 }
const data = simulateData({ samples: 400, validationShare: 0.25, noise: 0.01, seed: 2 })
const silent: FitListener = { onStep() {}, onEpoch() {} }

test('lowers the validation loss by more than ten times', async () => {
  const before = score(new Network(options.sizes), startFit(options).parameters, data.validation)
  const { parameters } = await fit(options, data, silent)
  const after = score(new Network(options.sizes), parameters, data.validation)
  expect(after.loss).toBeLessThan(before.loss / 10)
  expect(after.accuracy).toBeGreaterThan(before.accuracy)
})

test('tells every step and every epoch', async () => {
  const steps: number[] = []
  const epochs: number[] = []
  await fit({ ...options, epochs: 2 }, data, {
    onStep: (step) => steps.push(step),
    onEpoch: (epoch) => epochs.push(epoch),
  })
  expect(steps).toEqual(Array.from({ length: 2 * Math.ceil(300 / 16) }, (_, index) => index + 1))
  expect(epochs).toEqual([1, 2])
})

test('ends at the same place when it is interrupted and resumed', async () => {
  const atOnce = await fit(options, data, silent)
  const halfway = await fit({ ...options, stopAfter: 6 }, data, silent)
  expect(halfway.epoch).toBe(6)
  expect(await fit(options, data, silent, halfway)).toEqual(atOnce)
})

test('does not change the state it starts from', async () => {
  const start = startFit(options)
  await fit({ ...options, epochs: 1 }, data, silent, start)
  expect(start).toEqual(startFit(options))
})
