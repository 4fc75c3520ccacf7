import { expect, test } from 'vitest'
import { simulateData } from './dataset.ts'
import { initialParameters, Network, parameterCount } from './network.ts'
import { seededRandom } from './random.ts'

const sizes = [5, 4, 3, 1]

test('counts weights and biases', () => {
  expect(parameterCount(sizes)).toBe(5 * 4 + 4 + 4 * 3 + 3 + 3 * 1 + 1)
})

test('computes the gradient that finite differences find', () => {
  const { train } = simulateData({ samples: 10, validationShare: 0, noise: 0, seed: 1 })
  const network = new Network(sizes)
  const parameters = initialParameters(sizes, seededRandom(2))
  const rows = Uint32Array.of(0, 3, 7)
  const gradient = new Float64Array(parameters.length)
  network.lossAndGradient(parameters, train, rows, gradient)

  const unused = new Float64Array(parameters.length)
  const lossWith = (index: number, change: number): number => {
    const changed = parameters.slice()
    changed[index] = (changed[index] ?? 0) + change
    return network.lossAndGradient(changed, train, rows, unused)
  }
  const h = 1e-6
  const differences = parameters.map((_, index) => (lossWith(index, h) - lossWith(index, -h)) / (2 * h))
  const worst = Math.max(...gradient.map((slope, index) => Math.abs(slope - (differences[index] ?? 0))))
  expect(worst).toBeLessThan(1e-8)
  expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(1e-3)
})

test('is linear in its last layer', () => {
  const { train } = simulateData({ samples: 1, validationShare: 0, noise: 0, seed: 1 })
  const network = new Network(sizes)
  const parameters = initialParameters(sizes, seededRandom(2))
  const before = network.predict(parameters, train, 0)
  const bias = parameters.length - 1
  parameters[bias] = (parameters[bias] ?? 0) + 10
  expect(network.predict(parameters, train, 0)).toBeCloseTo(before + 10, 10)
})
