import { dendriteSignal } from './dendrite.ts'
import { seededRandom } from './random.ts'

/** Examples as flat rows. */
export interface Dataset {
  readonly count: number
  readonly inputSize: number
  /** `count * inputSize` values, each about -1 to 1. */
  readonly inputs: Float64Array
  readonly targets: Float64Array
}

/** How much data there is, and how good. */
export interface DataOptions {
  readonly samples: number
  /** Share that is kept for validation. */
  readonly validationShare: number
  /** Standard deviation of the read-out noise on training targets. */
  readonly noise: number
  readonly seed: number
}

/** Parameter ranges of the simulated dendrites: decay time, gain, bias, flux, duration. */
const RANGES = [
  [0.5, 5],
  [0.5, 3],
  [0, 1],
  [0, 1],
  [0.5, 4],
] as const

/** Simulate dendrites; validation targets are without noise, so that they tell the truth. */
export function simulateData(options: DataOptions): {
  readonly train: Dataset
  readonly validation: Dataset
} {
  const { samples, validationShare, noise, seed } = options
  const random = seededRandom(seed)
  const validationCount = Math.round(samples * validationShare)
  return {
    train: simulate(samples - validationCount, noise),
    validation: simulate(validationCount, 0),
  }

  function simulate(count: number, spread: number): Dataset {
    const inputs = new Float64Array(count * RANGES.length)
    const targets = new Float64Array(count)
    for (let row = 0; row < count; row += 1) {
      const unit = RANGES.map(() => random.uniform())
      inputs.set(
        unit.map((value) => 2 * value - 1),
        row * RANGES.length,
      )
      const [decayTime = 0, gain = 0, bias = 0, flux = 0, duration = 0] = RANGES.map(
        ([low, high], index) => low + (high - low) * (unit[index] ?? 0),
      )
      targets[row] = dendriteSignal({ decayTime, gain, bias, flux, duration }) + spread * random.normal()
    }
    return { count, inputSize: RANGES.length, inputs, targets }
  }
}
