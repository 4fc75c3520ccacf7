/** What Adam remembers between steps; part of a checkpoint. */
export interface AdamState {
  readonly step: number
  /** Running mean of the gradient. */
  readonly mean: Float64Array
  /** Running mean of its square. */
  readonly square: Float64Array
}

/** A fresh memory for that many parameters. */
export function initialAdam(count: number): AdamState {
  return { step: 0, mean: new Float64Array(count), square: new Float64Array(count) }
}

/** One step of Adam (Kingma and Ba, 2015): changes the parameters and the memory's arrays in place. */
export function adamStep(
  parameters: Float64Array,
  gradient: Float64Array,
  state: AdamState,
  {
    learningRate,
    beta1 = 0.9,
    beta2 = 0.999,
  }: {
    readonly learningRate: number
    readonly beta1?: number
    readonly beta2?: number
  },
): AdamState {
  const { mean, square } = state
  const step = state.step + 1
  const meanBias = 1 - beta1 ** step
  const squareBias = 1 - beta2 ** step
  for (const [index, slope] of gradient.entries()) {
    const m = beta1 * (mean[index] ?? 0) + (1 - beta1) * slope
    const v = beta2 * (square[index] ?? 0) + (1 - beta2) * slope * slope
    mean[index] = m
    square[index] = v
    const change = (learningRate * (m / meanBias)) / (Math.sqrt(v / squareBias) + 1e-8)
    parameters[index] = (parameters[index] ?? 0) - change
  }
  return { step, mean, square }
}
