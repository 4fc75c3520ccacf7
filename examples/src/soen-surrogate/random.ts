/** A stream of numbers that is the same for the same seed, on every machine. */
export interface Random {
  /** Between 0 (inclusive) and 1. */
  uniform(): number
  /** Mean 0, standard deviation 1. */
  normal(): number
  /** The integers below `count` in random order. */
  permutation(count: number): Uint32Array
}

/** Seeded randomness (splitmix32: small, and good enough to shuffle and to add noise). */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  function uniform(): number {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  return {
    uniform,
    normal() {
      // Box and Muller; 1 - u keeps the logarithm away from zero.
      return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
    },
    permutation(count) {
      const order = Uint32Array.from({ length: count }, (_, index) => index)
      for (let last = count - 1; last > 0; last -= 1) {
        const other = Math.floor(uniform() * (last + 1))
        const kept = order[last] ?? 0
        order[last] = order[other] ?? 0
        order[other] = kept
      }
      return order
    },
  }
}
