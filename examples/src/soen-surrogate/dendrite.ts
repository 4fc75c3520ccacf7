/** One dendrite and the pulse it receives, in units of its own time and current scale. */
export interface DendriteInput {
  /** Time in which a stored signal decays by e. */
  readonly decayTime: number
  /** How fast flux above threshold becomes signal. */
  readonly gain: number
  /** Bias current: shifts the threshold. */
  readonly bias: number
  /** Height of the flux pulse, in flux quanta. */
  readonly flux: number
  /** Length of the pulse. */
  readonly duration: number
}

/** When the signal is read. */
export const READ_TIME = 4
/** Signal at which the integrating loop saturates. */
const SATURATION = 1
const STEPS = 80

/**
 * The signal a superconducting optoelectronic dendrite holds at `READ_TIME`.
 *
 * Phenomenological model: a leaky integrator, `ds/dt = gain * r(flux, bias, s) - s / decayTime`, whose
 * source r sets in softly above a threshold that the bias lowers, and stops as the loop saturates.
 */
export function dendriteSignal(input: DendriteInput): number {
  const dt = READ_TIME / STEPS
  let signal = 0
  for (let step = 0; step < STEPS; step += 1) {
    const time = step * dt
    const k1 = slope(input, time, signal)
    const k2 = slope(input, time + dt / 2, signal + (dt / 2) * k1)
    const k3 = slope(input, time + dt / 2, signal + (dt / 2) * k2)
    const k4 = slope(input, time + dt, signal + dt * k3)
    signal += (dt / 6) * (k1 + 2 * k2 + 2 * k3 + k4)
  }
  return signal
}

function slope(
  { decayTime, gain, bias, flux, duration }: DendriteInput,
  time: number,
  signal: number,
): number {
  const applied = time < duration ? flux : 0
  const threshold = 0.5 - 0.4 * bias
  // Softplus: the source sets in over a tenth of a flux quantum instead of at a point.
  const source = 0.1 * Math.log1p(Math.exp((applied - threshold) / 0.1))
  return gain * source * (1 - signal / SATURATION) - signal / decayTime
}
