import type { Dataset } from './dataset.ts'
import type { Random } from './random.ts'

/** Sizes of the layers, from inputs to the one output. */
export type LayerSizes = readonly number[]

/** How many weights and biases a network of these sizes has. */
export function parameterCount(sizes: LayerSizes): number {
  return sizes.slice(1).reduce((sum, size, layer) => sum + size * ((sizes[layer] ?? 0) + 1), 0)
}

/** Fresh parameters in one flat array, layer by layer: weights, then biases (Glorot's normal start). */
export function initialParameters(sizes: LayerSizes, random: Random): Float64Array {
  const parameters = new Float64Array(parameterCount(sizes))
  let at = 0
  for (const [layer, size] of sizes.slice(1).entries()) {
    const fanIn = sizes[layer] ?? 0
    const spread = Math.sqrt(2 / (fanIn + size))
    for (let weight = 0; weight < fanIn * size; weight += 1)
      parameters[at + weight] = spread * random.normal()
    at += fanIn * size + size
  }
  return parameters
}

/** A multi-layer perceptron with tanh between layers and a linear end; works in buffers of its own. */
export class Network {
  readonly #sizes: LayerSizes
  readonly #activations: readonly Float64Array[]
  readonly #deltas: readonly Float64Array[]

  constructor(sizes: LayerSizes) {
    this.#sizes = sizes
    this.#activations = sizes.map((size) => new Float64Array(size))
    this.#deltas = sizes.map((size) => new Float64Array(size))
  }

  /** The output for one row of a dataset. */
  predict(parameters: Float64Array, data: Dataset, row: number): number {
    const start = row * data.inputSize
    this.#layer(this.#activations, 0).set(data.inputs.subarray(start, start + data.inputSize))
    let at = 0
    for (let layer = 1; layer < this.#sizes.length; layer += 1) {
      const from = this.#layer(this.#activations, layer - 1)
      const to = this.#layer(this.#activations, layer)
      const isLast = layer === this.#sizes.length - 1
      const biases = at + from.length * to.length
      for (let unit = 0; unit < to.length; unit += 1) {
        let sum = parameters[biases + unit] ?? 0
        const row0 = at + unit * from.length
        for (let input = 0; input < from.length; input += 1) {
          sum += (parameters[row0 + input] ?? 0) * (from[input] ?? 0)
        }
        to[unit] = isLast ? sum : Math.tanh(sum)
      }
      at = biases + to.length
    }
    return this.#layer(this.#activations, this.#sizes.length - 1)[0] ?? 0
  }

  /**
   * Mean squared error over some rows, and its gradient.
   *
   * @param gradient - overwritten with the derivative by each parameter
   */
  lossAndGradient(
    parameters: Float64Array,
    data: Dataset,
    rows: Uint32Array,
    gradient: Float64Array,
  ): number {
    gradient.fill(0)
    let loss = 0
    for (const row of rows) {
      const error = this.predict(parameters, data, row) - (data.targets[row] ?? 0)
      loss += error * error
      this.#backward(parameters, (2 * error) / rows.length, gradient)
    }
    return loss / rows.length
  }

  /** Back-propagate the output's derivative through the activations of the last prediction. */
  #backward(parameters: Float64Array, outputDelta: number, gradient: Float64Array): void {
    let end = parameters.length
    this.#layer(this.#deltas, this.#sizes.length - 1)[0] = outputDelta
    for (let layer = this.#sizes.length - 1; layer > 0; layer -= 1) {
      const from = this.#layer(this.#activations, layer - 1)
      const delta = this.#layer(this.#deltas, layer)
      const before = this.#layer(this.#deltas, layer - 1)
      const biases = end - delta.length
      const at = biases - from.length * delta.length
      before.fill(0)
      for (let unit = 0; unit < delta.length; unit += 1) {
        const slope = delta[unit] ?? 0
        const row0 = at + unit * from.length
        gradient[biases + unit] = (gradient[biases + unit] ?? 0) + slope
        for (let input = 0; input < from.length; input += 1) {
          gradient[row0 + input] = (gradient[row0 + input] ?? 0) + slope * (from[input] ?? 0)
          before[input] = (before[input] ?? 0) + slope * (parameters[row0 + input] ?? 0)
        }
      }
      // The derivative of tanh, from its value. The input layer has none, and its delta is not used.
      for (let input = 0; input < from.length; input += 1) {
        before[input] = (before[input] ?? 0) * (1 - (from[input] ?? 0) ** 2)
      }
      end = at
    }
  }

  #layer(buffers: readonly Float64Array[], layer: number): Float64Array {
    const buffer = buffers[layer]
    if (buffer === undefined) throw new RangeError(`There is no layer ${layer}.`)
    return buffer
  }
}
