/** A range of numbers. */
export interface NumberRange {
  readonly min: number
  readonly max: number
  /** `log` for values that vary by orders of magnitude, such as learning rates; `linear` by default. */
  readonly scale?: 'linear' | 'log' | undefined
  readonly isInteger?: boolean | undefined
}

/** The possible values of each parameter: a list, or a range of numbers. */
export type SearchSpace = Readonly<Record<string, readonly unknown[] | NumberRange>>

/** The parameters of one trial. */
export type TrialParams = Readonly<Record<string, unknown>>

/**
 * Every combination of the lists, the last parameter changing fastest.
 *
 * @throws TypeError for a range, which has infinitely many values
 */
export function planGrid(space: SearchSpace): TrialParams[] {
  let trials: TrialParams[] = [{}]
  for (const [name, values] of Object.entries(space)) {
    if (!isList(values))
      throw new TypeError(`a grid needs a list of values for "${name}", or say how many trials`)
    trials = trials.flatMap((trial) => values.map((value) => Object.assign({}, trial, { [name]: value })))
  }
  return trials
}

/** So many random combinations: the same for the same seed; asking for more keeps the first ones. */
export function planRandom(space: SearchSpace, count: number, seed: number): TrialParams[] {
  return Array.from({ length: count }, (_, index) => {
    const random = randomFrom(seed * 1_000_003 + index)
    return Object.fromEntries(Object.entries(space).map(([name, values]) => [name, draw(values, random())]))
  })
}

function draw(values: readonly unknown[] | NumberRange, chance: number): unknown {
  if (isList(values)) return values[Math.floor(chance * values.length)]
  const { min, max, scale = 'linear', isInteger = false } = values
  if (isInteger) return Math.floor(between(min, max + 1, scale, chance))
  return between(min, max, scale, chance)
}

function between(min: number, max: number, scale: 'linear' | 'log', chance: number): number {
  return scale === 'log' ? min * (max / min) ** chance : min + (max - min) * chance
}

function isList(values: readonly unknown[] | NumberRange): values is readonly unknown[] {
  return Array.isArray(values)
}

/** Mulberry32: small, and good enough to sample parameters. */
function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}
