/** Numbers between two ends. */
export interface NumberRange {
  readonly min: number
  readonly max: number
  /** `log` for what counts by its order of magnitude, as learning rates do; `linear` by default. */
  readonly scale?: 'linear' | 'log' | undefined
  readonly isInteger?: boolean | undefined
}

/** What each parameter may be: one of a list, or a number of a range. */
export type SearchSpace = Readonly<Record<string, readonly unknown[] | NumberRange>>

/** The parameters of one trial. */
export type TrialParams = Readonly<Record<string, unknown>>

/**
 * Every combination of the lists, the last parameter changing first.
 *
 * @throws TypeError for a range, which has no end of values
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

/** As many combinations by chance: the same for the same seed, and the first ones also when there are more. */
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

/** Mulberry32: small, and good enough to draw parameters. */
function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}
