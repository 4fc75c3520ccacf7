import { setImmediate } from 'node:timers/promises'
import { adamStep, initialAdam, type AdamState } from './adam.ts'
import type { Dataset } from './dataset.ts'
import { initialParameters, Network, parameterCount, type LayerSizes } from './network.ts'
import { seededRandom } from './random.ts'

/** How to fit. */
export interface FitOptions {
  readonly sizes: LayerSizes
  readonly epochs: number
  /** Stop after this epoch, with the learning rate still on its way to `epochs`. */
  readonly stopAfter?: number
  readonly batchSize: number
  readonly learningRate: number
  readonly seed: number
}

/** Everything needed to use the model or to train on. */
export interface FitState {
  readonly epoch: number
  readonly parameters: Float64Array
  readonly adam: AdamState
}

/** What the network is worth on some data. */
export interface Score {
  /** Mean squared error. */
  readonly loss: number
  /** Share of predictions within 0.02 of the truth. */
  readonly accuracy: number
}

/** Called while fitting. Names and steps are up to the caller. */
export interface FitListener {
  onStep(step: number, loss: number, learningRate: number): void
  onEpoch(epoch: number, step: number, validation: Score): void
}

const TOLERANCE = 0.02

/** The state before the first epoch. */
export function startFit({ sizes, seed }: FitOptions): FitState {
  const parameters = initialParameters(sizes, seededRandom(seed))
  return { epoch: 0, parameters, adam: initialAdam(parameterCount(sizes)) }
}

/** Fit by Adam on shuffled mini-batches, with a cosine learning rate schedule. Continues from `state`. */
export async function fit(
  options: FitOptions,
  { train, validation }: { readonly train: Dataset; readonly validation: Dataset },
  listener: FitListener,
  state: FitState = startFit(options),
): Promise<FitState> {
  const { sizes, epochs, stopAfter = epochs, batchSize, learningRate, seed } = options
  const network = new Network(sizes)
  const parameters = state.parameters.slice()
  const gradient = new Float64Array(parameters.length)
  let adam: AdamState = { ...state.adam, mean: state.adam.mean.slice(), square: state.adam.square.slice() }

  for (let epoch = state.epoch; epoch < stopAfter; epoch += 1) {
    const rate = learningRate * 0.5 * (1 + Math.cos((Math.PI * epoch) / epochs))
    // Seeded by the epoch, so that a resumed fit sees the batches it would have seen.
    const order = seededRandom(seed * 1_000_003 + epoch).permutation(train.count)
    for (let start = 0; start < train.count; start += batchSize) {
      const rows = order.subarray(start, start + batchSize)
      const loss = network.lossAndGradient(parameters, train, rows, gradient)
      adam = adamStep(parameters, gradient, adam, { learningRate: rate })
      listener.onStep(adam.step, loss, rate)
    }
    listener.onEpoch(epoch + 1, adam.step, score(network, parameters, validation))
    // A turn of the event loop: what is logged goes out while the next epoch is computed.
    await setImmediate()
  }
  return { epoch: Math.max(stopAfter, state.epoch), parameters, adam }
}

/** Judge parameters on data. */
export function score(network: Network, parameters: Float64Array, data: Dataset): Score {
  let loss = 0
  let hits = 0
  for (let row = 0; row < data.count; row += 1) {
    const error = network.predict(parameters, data, row) - (data.targets[row] ?? 0)
    loss += error * error
    if (Math.abs(error) <= TOLERANCE) hits += 1
  }
  return { loss: loss / data.count, accuracy: hits / data.count }
}
