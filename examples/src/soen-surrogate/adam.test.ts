import { expect, test } from 'vitest'
import { adamStep, initialAdam } from './adam.ts'

test('steps by the learning rate against the sign of the first gradient', () => {
  const parameters = Float64Array.of(1, 1)
  adamStep(parameters, Float64Array.of(0.001, -50), initialAdam(2), { learningRate: 0.1 })
  expect(parameters[0]).toBeCloseTo(0.9, 4)
  expect(parameters[1]).toBeCloseTo(1.1, 4)
})

test('finds the minimum of a badly scaled bowl', () => {
  const parameters = Float64Array.of(3, -2)
  let state = initialAdam(2)
  for (let step = 0; step < 3000; step += 1) {
    const gradient = Float64Array.of(2 * (parameters[0] ?? 0), 200 * ((parameters[1] ?? 0) - 1))
    state = adamStep(parameters, gradient, state, { learningRate: 0.01 })
  }
  expect(state.step).toBe(3000)
  expect(parameters[0]).toBeCloseTo(0, 3)
  expect(parameters[1]).toBeCloseTo(1, 3)
})
